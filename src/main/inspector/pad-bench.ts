import { StudioError } from '../../shared/ipc/errors.ts';
import type { InspectedNet, InspectionPlaces } from '../inspect/inspector-contract.ts';
import { openPadNet, type PadNet, type PadReply } from '../inspect/pad.ts';
import type { Workbench } from './workbench.ts';

/** Nets that stay open; the one that was asked longest ago goes first. */
const MOST_NETS = 8;

/** A net of a drawing pad, and the layer whose outputs are shown; null for none. */
export interface PadQuestion {
  readonly net: InspectedNet;
  readonly layer: string | null;
}

/** The same weights after the same preparation are the same net. */
function keyOf(places: InspectionPlaces, { runId, checkpoint, preprocessing }: InspectedNet): string {
  return JSON.stringify([places, runId, checkpoint?.sha256 ?? null, preprocessing?.sha256 ?? null]);
}

/** Says of which run an expected error is. */
function naming(error: unknown, runId: string): unknown {
  if (!(error instanceof StudioError)) return error;
  return new StudioError(error.code, error.message, { ...error.details, runId }, { cause: error });
}

/** Keeps the nets of a drawing pad on the engine, so that a stroke costs no more than passes through them. */
export class PadBench {
  readonly #bench: Workbench;
  /** A map keeps the order in which its keys were set. */
  readonly #open = new Map<string, PadNet>();

  constructor(bench: Workbench) {
    this.#bench = bench;
    bench.beforeEngineEnds(() => this.close());
  }

  /** Nets on the engine now. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * What the nets say to one drawing, in their order.
   * @throws StudioError as opening and asking the net at fault does; its details name the run
   */
  async answer(
    places: InspectionPlaces,
    questions: readonly PadQuestion[],
    drawing: Float32Array,
  ): Promise<PadReply[]> {
    // Another engine than before ends the one that holds the nets, and they with it.
    await this.#bench.engine(places);
    const replies: PadReply[] = [];
    for (const question of questions) {
      try {
        replies.push(await this.#ask(places, question, drawing));
      } catch (error) {
        throw naming(error, question.net.runId);
      }
    }
    return replies;
  }

  /** Takes all nets off the engine; the next call opens its own again. */
  close(): void {
    for (const net of this.#open.values()) net.dispose();
    this.#open.clear();
  }

  async #ask(
    places: InspectionPlaces,
    { net, layer }: PadQuestion,
    drawing: Float32Array,
  ): Promise<PadReply> {
    const open = await this.#net(places, net);
    return open.answer(drawing, layer);
  }

  async #net(places: InspectionPlaces, net: InspectedNet): Promise<PadNet> {
    const key = keyOf(places, net);
    const open = this.#open.get(key) ?? openPadNet(await this.#bench.open(places, net));
    this.#open.delete(key);
    this.#open.set(key, open);
    this.#closeOldest();
    return open;
  }

  #closeOldest(): void {
    if (this.#open.size <= MOST_NETS) return;
    const oldest = this.#open.entries().next().value;
    if (oldest === undefined) return;
    const [key, net] = oldest;
    this.#open.delete(key);
    net.dispose();
  }
}
