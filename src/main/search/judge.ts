import { costSign } from '../../shared/experiment/cost-sign.ts';
import type { ObjectiveSpec, PrunerSpec } from '../../shared/schema/search.ts';
import type { TrialFold, TrialSummary } from '../../shared/schema/study.ts';
import { netKey } from './member.ts';
import { createPruner } from './pruners.ts';
import type { JudgedTrial, Pruner } from './pruner.ts';
import type { KnownTrial } from './sampler.ts';

interface MutableTrial {
  readonly number: number;
  readonly curves: Map<string, { readonly epochs: number[]; readonly values: number[] }>;
  readonly results: Map<string, number>;
  state: JudgedTrial['state'];
}

/** A net's objective after an epoch. */
export interface NetMeasure {
  readonly trial: number;
  /** Names it within its trial. */
  readonly net: string;
  readonly epoch: number;
  /** Null where not finite. */
  readonly value: number | null;
  /** That the net is planned to have. */
  readonly epochs: number;
}

/** Follows the learning curves of a study's nets and says which trials need not go on. */
export class StudyJudge {
  readonly #pruner: Pruner;
  readonly #sign: 1 | -1;
  readonly #trials = new Map<number, MutableTrial>();
  readonly isActive: boolean;

  constructor(spec: PrunerSpec, { direction }: ObjectiveSpec) {
    this.#pruner = createPruner(spec);
    this.#sign = costSign(direction);
    this.isActive = spec.kind !== 'none';
  }

  /** Takes up what is stored of a study that goes on, so that it is judged by all that was known of it. */
  restore(trials: readonly Pick<TrialSummary, 'number' | 'state'>[], folds: readonly TrialFold[]): void {
    if (!this.isActive) return;
    for (const { number, state } of trials)
      this.#trial(number).state = state === 'waiting' ? 'running' : state;
    for (const { trial, result } of folds) {
      const { curves, results } = this.#trial(trial);
      const values = result.curve.map(([, value]) => this.#toMinimise(value));
      curves.set(netKey(result), { epochs: result.curve.map(([epoch]) => epoch), values });
      if (result.state === 'finished')
        results.set(netKey(result), this.#toMinimise(result.values[0] ?? null));
    }
  }

  /**
   * Nets' objectives after epochs of theirs that were measured at the same time: all of them are taken down before any
   * is judged, so that the order in which they are told does not matter.
   * @returns the trials that are to end
   */
  measure(measures: readonly NetMeasure[]): number[] {
    for (const measure of measures) this.#takeDown(measure);
    const unwanted = measures.filter(({ trial, epoch, epochs }) => {
      const judged = this.#trial(trial);
      if (judged.state === 'pruned') return true;
      if (!this.#pruner.rungs(epochs).includes(epoch)) return false;
      return this.#pruner.shouldPrune(judged, epoch, this.#others(trial));
    });
    return [...new Set(unwanted.map(({ trial }) => trial))];
  }

  #takeDown({ trial, net, epoch, value }: NetMeasure): void {
    const { curves } = this.#trial(trial);
    const known = curves.get(net);
    // A net that is measured where it was before is trained anew.
    const goesOn = known !== undefined && (known.epochs.at(-1) ?? 0) < epoch;
    const curve = goesOn ? known : { epochs: [], values: [] };
    curves.set(net, curve);
    curve.epochs.push(epoch);
    curve.values.push(this.#toMinimise(value));
  }

  /** A net's result; true where its trial is to end although nets of it have not begun. */
  finishNet(trial: number, net: string, value: number | null): boolean {
    const judged = this.#trial(trial);
    judged.results.set(net, this.#toMinimise(value));
    return this.#pruner.rungs(2).length === 0 && this.#pruner.shouldPrune(judged, 0, this.#others(trial));
  }

  finishTrial(trial: number, state: 'finished' | 'pruned' | 'failed'): void {
    this.#trial(trial).state = state;
  }

  /** What is not finite is worse than anything. */
  #toMinimise(value: number | null): number {
    return value === null ? Infinity : this.#sign * value;
  }

  #trial(number: number): MutableTrial {
    const known = this.#trials.get(number);
    if (known !== undefined) return known;
    const trial: MutableTrial = { number, curves: new Map(), results: new Map(), state: 'running' };
    this.#trials.set(number, trial);
    return trial;
  }

  #others(trial: number): JudgedTrial[] {
    return [...this.#trials.values()].filter(({ number }) => number !== trial);
  }
}

/** Stored trials as samplers take them: to be minimised. */
export function knownTrials(trials: readonly TrialSummary[], { direction }: ObjectiveSpec): KnownTrial[] {
  const sign = costSign(direction);
  return trials.map(({ number, point, state, values, epochs }) => {
    const value = values[0] ?? null;
    return {
      number,
      point,
      value: value === null ? null : sign * value,
      state: state === 'waiting' ? 'running' : state,
      lastEpoch: state === 'pruned' ? epochs : null,
    };
  });
}
