import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { NetRef, PadAnswer } from '../../shared/schema/inspection.ts';
import type { PictureValues } from './pad-picture.ts';
import { asError } from './run-results-loader.svelte.ts';

/** A net of the pad, and the layer whose maps are shown; null for none. */
export interface PadNetQuestion {
  readonly net: NetRef;
  readonly layer: string | null;
}

/** What the nets are asked. */
export interface PadQuestion {
  readonly nets: readonly PadNetQuestion[];
  readonly values: PictureValues;
}

interface Waiting {
  readonly question: PadQuestion;
  /** When the first change was made that it answers; null where none was drawn. */
  readonly drawnAtMs: number | null;
}

/** Times of so many strokes are looked at. */
const KEPT_TIMES = 100;
/** Answers faster than this never show that they were waited for. */
const WAITING_AFTER_MS = 150;

/** The value that so many per cent of the values do not exceed (nearest rank); null without values. */
export function percentile(values: readonly number[], percent: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}

/** The nets' names in the question, which the answers must be of. */
function netsOf({ nets }: PadQuestion): string {
  return JSON.stringify(nets.map(({ net }) => net));
}

/**
 * The nets' answers to a drawing while it is drawn: one call at a time, and after it the newest drawing; what was drawn
 * between is never asked about.
 */
export class PadAnswers {
  /** To the drawing last answered; empty before. */
  answers = $state.raw<readonly PadAnswer[]>([]);
  error = $state.raw<Error | null>(null);
  /** An answer takes over 150 ms, as when nets are opened. */
  waiting = $state(false);
  /** From the first change that an answer covers to the answer, in milliseconds, the latest last. */
  timesMs = $state.raw<readonly number[]>([]);
  /** Drawings handed in, and of these the last that was answered. */
  asked = $state(0);
  answered = $state(0);

  readonly #client: StudioClient;
  readonly #now: () => number;
  #next: Waiting | null = null;
  #busy = false;
  /** The nets chosen now; an answer of others is of no use any more. */
  #chosenNets = '';
  /** Nets that have answered before are open, and their times count. */
  #openNets = '';

  constructor(client: StudioClient, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#now = now;
  }

  get lastMs(): number | null {
    return this.timesMs.at(-1) ?? null;
  }

  /** 95 of 100 strokes were answered faster. */
  get p95Ms(): number | null {
    return percentile(this.timesMs, 95);
  }

  /** @param drawnAtMs when the change was made, by the same clock; null where nothing was drawn */
  ask(question: PadQuestion, drawnAtMs: number | null): void {
    this.asked++;
    this.#chosenNets = netsOf(question);
    if (question.nets.length === 0) return this.#forget();
    this.#next = { question, drawnAtMs: this.#next?.drawnAtMs ?? drawnAtMs };
    if (!this.#busy) void this.#work();
  }

  #forget(): void {
    this.#next = null;
    this.answers = [];
    this.error = null;
    this.answered = this.asked;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#next !== null) {
      const { question, drawnAtMs } = this.#next;
      const turn = this.asked;
      this.#next = null;
      await this.#answer(question, drawnAtMs, turn);
    }
    this.#busy = false;
  }

  async #answer(question: PadQuestion, drawnAtMs: number | null, turn: number): Promise<void> {
    const timer = setTimeout(() => (this.waiting = true), WAITING_AFTER_MS);
    try {
      const { nets, values } = question;
      const answers = await this.#client.invoke('pad.answer', { nets: [...nets], values });
      if (netsOf(question) === this.#chosenNets) this.#show(question, answers, drawnAtMs);
    } catch (thrown) {
      if (netsOf(question) === this.#chosenNets) this.error = asError(thrown);
    } finally {
      clearTimeout(timer);
      this.waiting = false;
      this.answered = turn;
    }
  }

  #show(question: PadQuestion, answers: readonly PadAnswer[], drawnAtMs: number | null): void {
    this.answers = answers;
    this.error = null;
    this.#measure(question, drawnAtMs);
  }

  #measure(question: PadQuestion, drawnAtMs: number | null): void {
    const nets = netsOf(question);
    if (nets === this.#openNets && drawnAtMs !== null) {
      this.timesMs = [...this.timesMs, this.#now() - drawnAtMs].slice(-KEPT_TIMES);
    }
    if (nets !== this.#openNets) this.timesMs = [];
    this.#openNets = nets;
  }
}
