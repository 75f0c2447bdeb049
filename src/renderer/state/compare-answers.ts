import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { ComparedRuns, ComparedSeries } from '../../shared/schema/comparison.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';

/** A curve's name in its parts. */
export interface CurveName {
  readonly split: SplitName;
  readonly metric: string;
}

/** The curves a comparison most likely begins with: every classifier has both, a regression the loss. */
const FIRST_CURVES: readonly CurveName[] = [
  { split: 'dev', metric: 'accuracy' },
  { split: 'dev', metric: 'loss' },
];
/** A selection is read ahead once it rests. */
const REST_MS = 120;
/** One run is no comparison; of more than these the studio would be held up for what may never be asked. */
const [FEWEST_AHEAD, MOST_AHEAD] = [2, 300];

/** An answer, here or on its way. */
interface Asked<T> {
  readonly answer: Promise<T>;
  value: T | null;
}

/**
 * What the studio says of the runs compared last, or about to be: so that the comparison of a selection is there at once.
 * Holds until one of the runs changes.
 */
export class ComparisonAnswers {
  readonly #client: StudioClient;
  #runIds: readonly string[] = [];
  #key = '';
  #runs: Asked<ComparedRuns> | null = null;
  #curves = new Map<string, Asked<ComparedSeries[]>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Drops what no longer holds as the studio tells of it; returns the function that stops. */
  start(): () => void {
    const forget = (runId: string) => {
      if (this.#runIds.includes(runId)) this.forget();
    };
    const stops = [
      this.#client.subscribe('run.epoch', ({ runId }) => forget(runId)),
      this.#client.subscribe('run.changed', ({ id }) => forget(id)),
      this.#client.subscribe('runs.invalidated', () => this.forget()),
    ];
    return () => {
      clearTimeout(this.#timer);
      stops.forEach((stop) => stop());
    };
  }

  /** Drops everything; what is on its way is not kept either. */
  forget(): void {
    this.#turnTo([]);
  }

  /** Asks for what a comparison of these runs begins with, once they have been the chosen ones for a moment. */
  readSoon(runIds: readonly string[]): void {
    clearTimeout(this.#timer);
    if (runIds.length < FEWEST_AHEAD || runIds.length > MOST_AHEAD) return;
    this.#timer = setTimeout(() => this.readAhead(runIds), REST_MS);
  }

  /** Asks at once. A failure is told to the one who asks again. */
  readAhead(runIds: readonly string[]): void {
    this.runs(runIds).catch(() => undefined);
    this.series(runIds, FIRST_CURVES).catch(() => undefined);
  }

  /** The runs beside each other. Rejects as the call does. */
  runs(runIds: readonly string[]): Promise<ComparedRuns> {
    this.#turnTo(runIds);
    this.#runs ??= this.#ask(
      () => this.#client.invoke('compare.runs', { runIds: [...runIds] }),
      () => (this.#runs = null),
    );
    return this.#runs.answer;
  }

  /** The runs, where they are here already. */
  knownRuns(runIds: readonly string[]): ComparedRuns | null {
    return this.#isAbout(runIds) ? (this.#runs?.value ?? null) : null;
  }

  /** Curves, by run and then in the order of the names; asks only for those not here. Rejects as the call does. */
  async series(runIds: readonly string[], names: readonly CurveName[]): Promise<ComparedSeries[]> {
    this.#turnTo(runIds);
    this.#askFor(names.filter((name) => !this.#curves.has(curveKey(name))));
    const asked = names.map((name) => this.#curves.get(curveKey(name))!.answer);
    return byRun(runIds, await Promise.all(asked));
  }

  /** Curves, where all of them are here already. */
  knownSeries(runIds: readonly string[], names: readonly CurveName[]): ComparedSeries[] | null {
    if (!this.#isAbout(runIds)) return null;
    const known = names.flatMap((name) => {
      const value = this.#curves.get(curveKey(name))?.value ?? null;
      return value === null ? [] : [value];
    });
    return known.length < names.length ? null : byRun(runIds, known);
  }

  #askFor(names: readonly CurveName[]): void {
    if (names.length === 0) return;
    const runIds = [...this.#runIds];
    const all = this.#client.invoke('compare.series', { runIds, curves: [...names] });
    const curves = this.#curves;
    for (const { split, metric } of names) {
      const key = curveKey({ split, metric });
      const own = async () => (await all).filter((one) => one.split === split && one.metric === metric);
      curves.set(
        key,
        this.#ask(own, () => curves.delete(key)),
      );
    }
  }

  /** @param drop what failed, so that it can be asked again */
  #ask<T>(read: () => Promise<T>, drop: () => void): Asked<T> {
    const key = this.#key;
    const asked: Asked<T> = { answer: read(), value: null };
    asked.answer.then(
      (value) => (asked.value = value),
      () => {
        if (key === this.#key) drop();
      },
    );
    return asked;
  }

  #isAbout(runIds: readonly string[]): boolean {
    return runIds === this.#runIds || runIds.join(' ') === this.#key;
  }

  #turnTo(runIds: readonly string[]): void {
    if (runIds.length > 0 && this.#isAbout(runIds)) return;
    this.#runIds = runIds;
    this.#key = runIds.join(' ');
    this.#runs = null;
    this.#curves = new Map();
  }
}

function curveKey({ split, metric }: CurveName): string {
  return `${split}/${metric}`;
}

/** Curves of several names in the order of the runs. */
function byRun(runIds: readonly string[], curves: readonly ComparedSeries[][]): ComparedSeries[] {
  if (curves.length <= 1) return curves[0] ?? [];
  const places = new Map(runIds.map((runId, place) => [runId, place]));
  return curves.flat().sort((one, other) => places.get(one.runId)! - places.get(other.runId)!);
}
