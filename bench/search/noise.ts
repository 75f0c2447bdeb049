import { openStream, type RandomStream } from '../../src/shared/random/stream.ts';
import { median } from '../statistics.ts';

/**
 * A mean squared error from here on is a net that has diverged (A1's targets have a variance of about 12): by how much is
 * chance, so larger and non-finite ones count as this.
 */
export const DIVERGED_LOSS = 100;

/** A trial's mean held-out loss over its folds; null where not finite. */
export interface TrialLoss {
  readonly number: number;
  readonly mean: number | null;
  /** Of the mean, from the folds. */
  readonly standardError: number | null;
}

/** A loss as it is compared. */
export function capped(loss: number | null): number {
  return loss === null || !(loss < DIVERGED_LOSS) ? DIVERGED_LOSS : loss;
}

/** Mean and its standard error over folds; null where a fold's loss is not finite. */
export function summariseFolds(number: number, foldLosses: readonly (number | null)[]): TrialLoss {
  const losses = foldLosses.filter((loss) => loss !== null);
  if (losses.length < foldLosses.length || losses.length === 0) {
    return { number, mean: null, standardError: null };
  }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
  const standardError = losses.length < 2 ? null : Math.sqrt(squares / (losses.length - 1) / losses.length);
  return { number, mean, standardError };
}

/** Ranks from 1, equal values with the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/** Spearman's rank correlation; NaN where all values of a list are equal. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const centre = (a.length + 1) / 2;
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + (value - centre) * (y[i]! - centre), 0);
  return product(ranksA, ranksB) / Math.sqrt(product(ranksA, ranksA) * product(ranksB, ranksB));
}

/** How far two contestants' lists of mean losses, trial by trial, are apart. */
export interface Distance {
  /** Over all trials; those that diverged are equally bad. */
  readonly rankCorrelation: number;
  /** Over the trials that diverged with neither. */
  readonly meanAbsolute: number;
  /** |a - b| / ((a + b) / 2), the median over these. */
  readonly medianRelative: number;
}

/** @param a losses as {@link capped} has them */
export function distanceOf(a: readonly number[], b: readonly number[]): Distance {
  const pairs = a
    .map((value, i) => [value, b[i]!] as const)
    .filter((pair) => pair.every((loss) => loss < DIVERGED_LOSS));
  const absolute = pairs.map(([x, y]) => Math.abs(x - y));
  return {
    rankCorrelation: rankCorrelation(a, b),
    meanAbsolute: absolute.reduce((sum, value) => sum + value, 0) / absolute.length,
    medianRelative: median(absolute.map((value, i) => (2 * value) / (pairs[i]![0] + pairs[i]![1]))),
  };
}

export function countDiverged(trials: readonly TrialLoss[]): number {
  return trials.filter(({ mean }) => capped(mean) === DIVERGED_LOSS).length;
}

/** Losses of one trial: the contestant's, and those of two seeds of the same peer. */
export type Triple = readonly [own: number, first: number, second: number];

/** How much farther the one at `odd` is from the other two than these from each other, by the logarithms. */
function excess(triple: Triple, odd: number): number {
  const [one, other] = triple.filter((_, place) => place !== odd).map(Math.log) as [number, number];
  const own = Math.log(triple[odd]!);
  return (Math.abs(own - one) + Math.abs(own - other)) / 2 - Math.abs(one - other);
}

function meanExcess(blocks: readonly (readonly Triple[])[], oddOf: () => number): number {
  const excesses = blocks.flatMap((block) => {
    const odd = oddOf();
    return block.map((triple) => excess(triple, odd));
  });
  return excesses.reduce((sum, value) => sum + value, 0) / excesses.length;
}

export interface OddOneOut {
  /** Mean over trials of how much farther the contestant is from the peer's seeds than these from each other, relatively. */
  readonly excess: number;
  /** Share of relabellings that put somebody at least as far out. */
  readonly probability: number;
}

const RELABELLINGS = 10_000;

/**
 * Would the contestant pass for a third seed of the peer? If it does, which of the three lists is called the contestant's
 * is chance, so relabelling must often put another one as far out (a permutation test).
 * @param blocks trials whose nets draw the same random numbers (equal sizes and batches) are relabelled together
 */
export function testOddOneOut(blocks: readonly (readonly Triple[])[]): OddOneOut {
  const found = meanExcess(blocks, () => 0);
  const stream: RandomStream = openStream(1, 'inspect', 'odd one out');
  let asFar = 0;
  for (let i = 0; i < RELABELLINGS; i++) {
    // Rounding must not put anybody farther out.
    if (meanExcess(blocks, () => stream.nextInteger(3)) >= found - 1e-12) asFar += 1;
  }
  return { excess: found, probability: (asFar + 1) / (RELABELLINGS + 1) };
}

/** What the peer thinks of the trial that the contestant took for the best. */
export interface WinnerComparison {
  readonly own: number;
  readonly peers: number;
  /** By how much the peer's loss of the contestant's winner is above that of its own. */
  readonly regret: number;
  /** Of the peer's winner. */
  readonly standardError: number;
  readonly isWithin: boolean;
}

export function winnerOf(trials: readonly TrialLoss[]): TrialLoss {
  return trials.reduce((best, trial) => (capped(trial.mean) < capped(best.mean) ? trial : best));
}

/** The same winner, or one whose loss, by the peer's own figures, is within a standard error of its winner's. */
export function compareWinners(own: readonly TrialLoss[], peer: readonly TrialLoss[]): WinnerComparison {
  const [chosen, best] = [winnerOf(own), winnerOf(peer)];
  const judged = peer.find(({ number }) => number === chosen.number);
  const regret = capped(judged?.mean ?? null) - capped(best.mean);
  const standardError = best.standardError ?? 0;
  return {
    own: chosen.number,
    peers: best.number,
    regret,
    standardError,
    isWithin: regret <= standardError,
  };
}
