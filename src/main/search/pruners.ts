import type { PrunerSpec, SearchSpec } from '../../shared/schema/search.ts';
import { wilcoxon } from '../metrics/statistics/wilcoxon.ts';
import type { JudgedTrial, LearningCurve, Pruner } from './pruner.ts';

const never: Pruner = { rungs: () => [], shouldPrune: () => false };

/** The best value up to an epoch; null before the first. */
function bestUpTo({ epochs, values }: LearningCurve, epoch: number): number | null {
  const seen = values.filter((_, at) => epochs[at]! <= epoch);
  return seen.length === 0 ? null : Math.min(...seen);
}

/** The value at an epoch, or at the last one measured before it. */
function valueAt({ epochs, values }: LearningCurve, epoch: number): number | null {
  const at = epochs.findLastIndex((one) => one <= epoch);
  return at < 0 ? null : values[at]!;
}

/** Nets of a trial that have come to an epoch. */
function netsAt({ curves }: JudgedTrial, epoch: number): string[] {
  return [...curves].flatMap(([net, { epochs }]) => ((epochs.at(-1) ?? -1) >= epoch ? [net] : []));
}

/** The mean of a trial over some of its nets; null where one of them has no value. */
function meanOver(
  { curves }: JudgedTrial,
  nets: readonly string[],
  valueOf: (curve: LearningCurve) => number | null,
): number | null {
  let sum = 0;
  for (const net of nets) {
    const curve = curves.get(net);
    const value = curve === undefined ? null : valueOf(curve);
    if (value === null) return null;
    sum += value;
  }
  return nets.length === 0 ? null : sum / nets.length;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

function allEpochs(epochs: number): number[] {
  return Array.from({ length: epochs - 1 }, (_, at) => at + 1);
}

/**
 * Ends a trial whose nets' best values so far are on average above the median of what finished trials' nets had after as
 * many epochs.
 */
function medianPruner({ startupTrials, warmUpEpochs }: Extract<PrunerSpec, { kind: 'median' }>): Pruner {
  return {
    rungs: (epochs) => allEpochs(epochs).filter((epoch) => epoch > warmUpEpochs),
    shouldPrune(trial, epoch, others) {
      const finished = others.filter(({ state }) => state === 'finished');
      const nets = netsAt(trial, epoch);
      const own = meanOver(trial, nets, (curve) => bestUpTo(curve, epoch));
      if (own === null || finished.length < startupTrials) return false;
      const values = finished.flatMap(
        (other) => meanOver(other, nets, (curve) => valueAt(curve, epoch)) ?? [],
      );
      return values.length > 0 && own > medianOf(values);
    },
  };
}

/** Epochs minimum, minimum * factor, minimum * factor^2, ... below the last. */
export function halvingRungs(minimum: number, factor: number, epochs: number): number[] {
  const rungs: number[] = [];
  for (let rung = minimum; rung < epochs; rung *= factor) rungs.push(rung);
  return rungs;
}

/**
 * Asynchronous successive halving (Li et al. 2020): of all trials that have come to a rung so far only the best
 * 1 / factor go on; while fewer than the factor have come, the first does. A trial with a net whose objective is not
 * finite does not go on. Of a trial whose nets come to a rung one after the other, those that are there are judged each
 * time, beside the same nets of the others.
 */
function ashaPruner({ minimumEpochs, reductionFactor }: Extract<PrunerSpec, { kind: 'asha' }>): Pruner {
  return {
    rungs: (epochs) => halvingRungs(minimumEpochs, reductionFactor, epochs),
    shouldPrune(trial, epoch, others) {
      const nets = netsAt(trial, epoch);
      const meanAt = (one: JudgedTrial): number | null =>
        meanOver(one, nets, (curve) => valueAt(curve, epoch));
      const own = meanAt(trial);
      if (own === null) return false;
      if (!Number.isFinite(own)) return true;
      const came = others.flatMap((other) => {
        const isThere = nets.every((net) => (other.curves.get(net)?.epochs.at(-1) ?? -1) >= epoch);
        return isThere ? (meanAt(other) ?? []) : [];
      });
      const better = came.filter((value) => value < own).length;
      const places = Math.max(1, Math.floor((came.length + 1) / reductionFactor));
      return better >= places;
    },
  };
}

/** A searcher hears that a net is to end when it measures next: by then it has trained this share of the first rung more. */
const LATEST = 0.2;

/**
 * Epochs between two measurements of nets' dev part: all rungs are among them, and what is dropped stops soon. Null where
 * neither pruner nor objective asks for any, so that only the last epoch counts.
 */
export function measureEvery({
  pruner,
  objective,
  secondObjective,
}: Pick<SearchSpec, 'pruner' | 'objective' | 'secondObjective'>): number | null {
  // The best of some epochs would depend on which these are.
  if (pruner.kind === 'median' || objective.at === 'best' || secondObjective?.at === 'best') return 1;
  if (pruner.kind !== 'asha') return null;
  const { minimumEpochs } = pruner;
  let every = Math.max(1, Math.floor(minimumEpochs * LATEST));
  while (minimumEpochs % every !== 0) every -= 1;
  return every;
}

/** W+ - W- of the signed rank test: how much larger the positive differences' ranks are; by Walsh's pairwise sums. */
function rankBalance(differences: readonly number[]): number {
  const some = differences.filter((difference) => difference !== 0);
  let balance = 0;
  for (let i = 0; i < some.length; i++) {
    for (let j = i; j < some.length; j++) balance += Math.sign(some[i]! + some[j]!);
  }
  return balance;
}

/**
 * Ends a trial between two folds once a signed rank test over the folds it shares with the best trial says that it is
 * worse (Wilcoxon 1945; one-sided, as Optuna's WilcoxonPruner), and so does their mean.
 */
function wilcoxonPruner({ threshold, startupFolds }: Extract<PrunerSpec, { kind: 'wilcoxon' }>): Pruner {
  const meanOf = ({ results }: JudgedTrial): number =>
    [...results.values()].reduce((sum, value) => sum + value, 0) / results.size;
  return {
    rungs: () => [],
    shouldPrune(trial, _epoch, others) {
      // What is not finite on any fold is nobody's rival, and would make differences that are no numbers.
      const finished = others.filter((other) => other.state === 'finished' && Number.isFinite(meanOf(other)));
      const [best] = [...finished].sort((a, b) => meanOf(a) - meanOf(b));
      if (best === undefined) return false;
      const differences = [...trial.results].flatMap(([key, value]) => {
        const rival = best.results.get(key);
        return rival === undefined ? [] : [value - rival];
      });
      if (differences.length < startupFolds) return false;
      const test = wilcoxon(differences);
      const isWorse = differences.reduce((sum, value) => sum + value, 0) > 0;
      // Half of the two-sided p is the one-sided one on the side that has the larger ranks.
      return test !== null && isWorse && rankBalance(differences) > 0 && test.p / 2 < threshold;
    },
  };
}

/** The pruner a search asks for. One of folds (`wilcoxon`) is asked when a fold has ended, the others at their rungs. */
export function createPruner(spec: PrunerSpec): Pruner {
  switch (spec.kind) {
    case 'none':
      return never;
    case 'median':
      return medianPruner(spec);
    case 'asha':
      return ashaPruner(spec);
    case 'wilcoxon':
      return wilcoxonPruner(spec);
    default:
      return spec satisfies never;
  }
}
