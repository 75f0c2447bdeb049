import { StudioError } from '../../shared/ipc/errors.ts';
import { costSign } from '../../shared/experiment/cost-sign.ts';
import type { ObjectiveSpec } from '../../shared/schema/search.ts';
import type { FoldResult, NestedChoice, NestedEstimate } from '../../shared/schema/study.ts';
import { meanOf, sampleDeviation } from '../metrics/spread.ts';

interface StoredNet {
  readonly trial: number;
  readonly result: Pick<FoldResult, 'fold' | 'repeat' | 'seed' | 'values'>;
}

/** A trial's mean over seeds on each fold of a repeat, to be minimised. */
type FoldMeans = ReadonlyMap<number, number>;

/** By repeat, then by trial; of trials that have a finite number on every fold alone. */
function foldMeans(nets: readonly StoredNet[], sign: 1 | -1): Map<number, Map<number, FoldMeans>> {
  const values = new Map<number, Map<number, Map<number, number[]>>>();
  for (const { trial, result } of nets) {
    const trials = getOr(values, result.repeat, () => new Map<number, Map<number, number[]>>());
    const folds = getOr(trials, trial, () => new Map<number, number[]>());
    getOr(folds, result.fold, (): number[] => []).push(sign * (result.values[0] ?? NaN));
  }
  const means = new Map<number, Map<number, FoldMeans>>();
  for (const [repeat, trials] of values) {
    const whole = [...trials].map(([trial, folds]) => {
      return [trial, new Map([...folds].map(([fold, all]) => [fold, mean(all)]))] as const;
    });
    means.set(repeat, new Map(whole.filter(([, folds]) => [...folds.values()].every(Number.isFinite))));
  }
  return means;
}

/** NaN of nothing. */
const mean = (values: readonly number[]): number => meanOf(values) ?? NaN;

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function meanWithout(folds: FoldMeans, left: number): number {
  return mean([...folds].flatMap(([fold, value]) => (fold === left ? [] : [value])));
}

/** The trial that is best on all folds but one, and what it comes to on that one. */
function chooseWithout(trials: ReadonlyMap<number, FoldMeans>, repeat: number, fold: number): NestedChoice {
  const [first, ...others] = [...trials].toSorted(([a], [b]) => a - b);
  let [best, least] = [first!, meanWithout(first![1], fold)];
  for (const other of others) {
    const without = meanWithout(other[1], fold);
    if (without < least) [best, least] = [other, without];
  }
  return { repeat, fold, trial: best[0], value: best[1].get(fold)! };
}

/**
 * What a search's winner is worth when it is not judged by the numbers it was chosen by. The winner's own mean is too good:
 * it is the best of many, by luck as well. Here each fold is left out in turn, the winner is chosen by all other folds of
 * the same cut, and what it comes to on the fold left out is taken (cross-validation of the choice: Stone 1974; Varma and
 * Simon 2006). Only the choice is nested: no net is trained for it, and those by which is chosen have seen the examples of
 * the fold left out as training data, though never its loss.
 * @param nets of the trials that have finished
 * @throws StudioError `conflict` with fewer than two folds, or before a trial has finished
 */
export function nestedEstimate(
  nets: readonly StoredNet[],
  { direction }: ObjectiveSpec,
): Omit<NestedEstimate, 'winnerValue'> {
  const sign = costSign(direction);
  const choices = [...foldMeans(nets, sign)].flatMap(([repeat, trials]) => {
    const [first] = trials.values();
    const folds = [...(first?.keys() ?? [])].sort((a, b) => a - b);
    return folds.length < 2 ? [] : folds.map((fold) => chooseWithout(trials, repeat, fold));
  });
  if (choices.length === 0) {
    throw new StudioError(
      'conflict',
      'search: no trial has finished on two folds or more; an honest estimate leaves each fold out in turn',
    );
  }
  const values = choices.map(({ value }) => sign * value);
  const deviation = sampleDeviation(values);
  return {
    value: mean(values),
    standardError: deviation === null ? null : deviation / Math.sqrt(values.length),
    choices: choices.map((choice) => ({ ...choice, value: sign * choice.value })),
  };
}
