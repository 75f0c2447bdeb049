import { costSign } from '../../shared/experiment/cost-sign.ts';
import type { ObjectiveSpec } from '../../shared/schema/search.ts';

type Direction = ObjectiveSpec['direction'];
type Numbers = Float64Array<ArrayBuffer>;

/** Is a value better than another? NaN is never better. */
export function isBetter(value: number, than: number, direction: Direction): boolean {
  return direction === 'minimise' ? value < than : value > than;
}

/** The best value up to each trial; NaN before the first one. */
export function bestSoFar(values: Numbers, direction: Direction): Numbers {
  let best = Number.NaN;
  return values.map((value) => {
    if (!Number.isNaN(value) && (Number.isNaN(best) || isBetter(value, best, direction))) best = value;
    return best;
  });
}

/** The trials that have a value, best first; of equal ones the earlier first. */
export function bestFirst(values: Numbers, direction: Direction): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) found.push(i);
  const sign = costSign(direction);
  return found.sort((a, b) => sign * (values[a]! - values[b]!) || a - b);
}

/** Each trial's place among all, 0 for the best and 1 for the worst; equal values share theirs, NaN has none. */
export function rankShares(values: Numbers, direction: Direction): Numbers {
  const order = bestFirst(values, direction);
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  const last = Math.max(1, order.length - 1);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]!] = (from + to) / 2 / last;
    from = to + 1;
  }
  return ranks;
}

/**
 * The trials that no other one beats in one number without losing in the other, by their first value. Of trials equal
 * in both all are kept.
 */
export function paretoFront(
  first: Numbers,
  second: Numbers,
  directions: readonly [Direction, Direction],
): number[] {
  const sign = costSign(directions[1]);
  const order = bestFirst(first, directions[0])
    .filter((trial) => !Number.isNaN(second[trial]))
    .sort((a, b) => (first[a] === first[b] ? sign * (second[a]! - second[b]!) || a - b : 0));
  const front: number[] = [];
  for (const trial of order) {
    const last = front.at(-1);
    const isEqual = last !== undefined && first[last] === first[trial] && second[last] === second[trial];
    if (last === undefined || isEqual || isBetter(second[trial]!, second[last]!, directions[1]))
      front.push(trial);
  }
  return front;
}

/** The share of values at or below each value, in growing order (the empirical distribution function). */
export function distributionOf(values: Iterable<number>): { readonly x: Numbers; readonly y: Numbers } {
  const sorted = Float64Array.from([...values].filter((value) => !Number.isNaN(value))).sort();
  const x: number[] = [];
  const y: number[] = [];
  sorted.forEach((value, index) => {
    if (index + 1 < sorted.length && sorted[index + 1] === value) return;
    x.push(value);
    y.push((index + 1) / sorted.length);
  });
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}
