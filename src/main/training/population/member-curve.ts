import type { ObjectiveSpec } from '../../../shared/schema/search.ts';
import type { MemberOutcome } from './member-jobs.ts';

/** Points of a stored curve at most. */
const MOST_POINTS = 100;

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** Keeps first, last and an even share between. */
function thinned(points: MemberOutcome['curve']): MemberOutcome['curve'] {
  if (points.length <= MOST_POINTS) return points;
  const stride = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, at) => points[Math.round(at * stride)]!);
}

/** What one net measured of dev, epoch by epoch, and what that comes to under the objectives. */
export class MemberCurve {
  readonly #objectives: readonly ObjectiveSpec[];
  readonly #measureNames: readonly string[];
  readonly #epochs: number[] = [];
  readonly #measured: (readonly number[])[] = [];

  /** @param measureNames what the numbers of {@link add} are, e.g. "loss" and "accuracy" */
  constructor(objectives: readonly ObjectiveSpec[], measureNames: readonly string[]) {
    this.#objectives = objectives;
    this.#measureNames = measureNames;
  }

  /** A later measure of the same epoch (of restored weights) replaces the first. */
  add(epoch: number, dev: readonly number[]): void {
    if (this.#epochs.at(-1) === epoch) {
      this.#measured[this.#measured.length - 1] = dev;
      return;
    }
    this.#epochs.push(epoch);
    this.#measured.push(dev);
  }

  /** The first objective after the last measured epoch. */
  get latest(): number | null {
    return this.#valueAt(this.#objectives[0]!, this.#measured.length - 1);
  }

  values(): (number | null)[] {
    return this.#objectives.map((objective) => {
      if (objective.at === 'last') return this.#valueAt(objective, this.#measured.length - 1);
      const all = this.#measured
        .map((_, at) => this.#valueAt(objective, at))
        .filter((value) => value !== null);
      if (all.length === 0) return null;
      return objective.direction === 'minimise' ? Math.min(...all) : Math.max(...all);
    });
  }

  curve(): MemberOutcome['curve'] {
    const [first] = this.#objectives;
    return thinned(this.#epochs.map((epoch, at) => [epoch, this.#valueAt(first!, at)]));
  }

  #valueAt({ metric }: ObjectiveSpec, at: number): number | null {
    return finite(this.#measured[at]?.[this.#measureNames.indexOf(metric)]);
  }
}
