import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { NetRef } from '../../shared/schema/inspection.ts';
import type { Host } from '../host/host.ts';
import type { InspectedNet } from '../inspect/inspector-contract.ts';
import { findNet, netOf, placesOf, type AskedNetSurroundings } from './asked-net.ts';
import { InspectorPool } from './inspector-pool.ts';

/** The calls that show a net at work on one input. */
export type PadCalls = Pick<StudioHandlers, 'pad.answer' | 'inspect.unit' | 'inspect.profile'>;

export interface PadCallSurroundings extends AskedNetSurroundings {
  /** Closed by whoever made it. */
  readonly inspectors: InspectorPool;
  /** One of its own: no other question must hold a drawing up. Closed by whoever made it. */
  readonly padInspectors: InspectorPool;
}

/** Opening the nets again takes seconds, so the process outlives a look at something else. */
const PAD_IDLE_MS = 5 * 60_000;

/** The one process that answers drawings. */
export function createPadInspectors(host: Host): InspectorPool {
  return new InspectorPool(host, PAD_IDLE_MS, 1);
}

/** A net as an inspector is told of it, with the epoch that was meant. */
interface KnownNet {
  readonly net: InspectedNet;
  readonly epoch: number;
}

/** More than any pad holds; a run's whole record is read from the history once, not at every stroke. */
const MOST_KNOWN = 32;

/** Looks nets up; those of finished runs, which no longer change, only once. */
class KnownNets {
  readonly #surroundings: AskedNetSurroundings;
  readonly #known = new Map<string, KnownNet>();

  constructor(surroundings: AskedNetSurroundings) {
    this.#surroundings = surroundings;
  }

  /** @throws StudioError `not-found` for a run that is no longer there */
  get({ runId, epoch }: NetRef): KnownNet {
    const { state, finishedAt } = this.#surroundings.store.runs.getSummary(runId);
    const key = JSON.stringify([runId, epoch, finishedAt]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const asked = findNet(this.#surroundings, { runId, epoch });
    const found = { net: netOf(asked), epoch: asked.epoch };
    if (state === 'finished') this.#keep(key, found);
    return found;
  }

  #keep(key: string, net: KnownNet): void {
    this.#known.set(key, net);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The handlers. Nothing is kept: a drawing is never the same, and a unit is walked through place by place. */
export function createPadCalls(surroundings: PadCallSurroundings): PadCalls {
  const { inspectors, padInspectors } = surroundings;
  const known = new KnownNets(surroundings);
  const about = (ref: NetRef) => ({ places: placesOf(surroundings), net: known.get(ref).net });
  return {
    'pad.answer': async ({ nets, values }) => {
      const found = nets.map(({ net }) => known.get(net));
      const replies = await padInspectors.call(
        'pad',
        {
          places: placesOf(surroundings),
          nets: found.map(({ net }, i) => ({ net, layer: nets[i]!.layer })),
          values,
        },
        'pad',
      );
      return replies.map((reply, i) => ({
        runId: nets[i]!.net.runId,
        epoch: found[i]!.epoch,
        ...reply,
      }));
    },
    'inspect.unit': ({ net, ...question }) =>
      inspectors.call('unit', { ...about(net), ...question }, net.runId),
    'inspect.profile': ({ net, inputs }) => inspectors.call('profile', { ...about(net), inputs }, net.runId),
  };
}
