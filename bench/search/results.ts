import type { Machine } from '../results.ts';
import { median } from '../statistics.ts';
import { STUDIO_KEEPING, type SearchMeasurement, type SearchName, type SearchPeer } from './contestants.ts';
import {
  capped,
  compareWinners,
  countDiverged,
  distanceOf,
  testOddOneOut,
  winnerOf,
  type Distance,
  type OddOneOut,
  type Triple,
  type WinnerComparison,
} from './noise.ts';
import type { SearchTurns, SearchUnqualified } from './rounds.ts';
import type { Configuration } from './search-inputs.ts';

/** Everything that the benchmark of a search found. */
export interface SearchResults {
  readonly date: string;
  readonly minutes: number;
  readonly rounds: number;
  readonly quick: boolean;
  readonly machine: Machine;
  /** Processes that waited for a core, on average over a minute, when it began. */
  readonly load: number;
  readonly configurations: readonly Configuration[];
  readonly folds: number;
  /** Steps of all nets. */
  readonly steps: number;
  readonly turns: readonly SearchTurns[];
  readonly unqualified: readonly SearchUnqualified[];
  readonly parity: ParityResults;
}

/** A small search without dropout, in which nothing is left to chance. */
export interface ParityResults {
  readonly trials: number;
  readonly epochsDividedBy: number;
  /** By contestant: the largest relative difference of a trial's mean loss from PyTorch's; null without an answer. */
  readonly differences: readonly { readonly name: SearchName; readonly largest: number | null }[];
}

/** Times as fast to be; peers without one are shown for comparison only. */
export const searchTargets: Readonly<Partial<Record<SearchPeer, number>>> = {
  PyTorch: 15,
  'PyTorch per core': 8,
  JAX: 1,
};
export const MEMORY_LIMIT_BYTES = 2e9;
/** Most that mean losses without dropout may differ, relatively. */
export const PARITY_LIMIT = 1e-3;
/** A contestant is outside of the noise where relabelling puts somebody as far out more seldom than this. */
export const LEAST_PROBABILITY = 0.01;

/** Median seconds; NaN without an answer. */
export function medianSeconds({ measurements }: SearchTurns): number {
  return median(measurements.flatMap((measured) => (measured === null ? [] : [measured.seconds])));
}

/** A contestant's fastest variant by its median; undefined where none answered. */
export function turnsOf(results: SearchResults, name: SearchName): SearchTurns | undefined {
  const answered = results.turns.filter(
    (turns) => turns.name === name && !Number.isNaN(medianSeconds(turns)),
  );
  return answered.sort((a, b) => medianSeconds(a) - medianSeconds(b))[0];
}

function firstAnswer(results: SearchResults, name: SearchName): SearchMeasurement | null {
  return turnsOf(results, name)?.measurements.find((measured) => measured !== null) ?? null;
}

/** The turns of one of the studio's variants. */
export function studioTurns({ turns }: SearchResults, variant: string): SearchTurns | undefined {
  return turns.find((one) => one.name === 'Epoch Studio' && one.variant === variant);
}

/**
 * A peer's seconds, those of its fastest variant, over those of a variant of the studio, within each round that both
 * answered; the median. NaN where there is none.
 */
export function medianTimesAsFast(
  results: SearchResults,
  peer: SearchPeer,
  variant = STUDIO_KEEPING,
): number {
  const own = studioTurns(results, variant)?.measurements ?? [];
  const others = turnsOf(results, peer)?.measurements ?? [];
  return median(
    own.flatMap((measured, round) => {
      const other = others[round];
      return measured && other ? [other.seconds / measured.seconds] : [];
    }),
  );
}

/** The most memory that a contestant was seen with. */
export function peakMemoryOf(turns: SearchTurns | undefined): number | null {
  const peaks = turns?.measurements.flatMap((measured) => measured?.peakMemoryBytes ?? []) ?? [];
  return peaks.length === 0 ? null : Math.max(...peaks);
}

/** A contestant's losses beside those of PyTorch with two seeds. */
export interface Agreement {
  readonly name: SearchName;
  readonly winner: number;
  readonly winnerLoss: number;
  readonly diverged: number;
  /** By the figures of both seeds of PyTorch. */
  readonly winners: readonly WinnerComparison[];
  readonly distances: readonly Distance[];
  readonly oddOneOut: OddOneOut;
}

/** How far PyTorch's two seeds are apart, and each other contestant from them; null without both seeds. */
export interface Agreements {
  readonly noise: Distance;
  /** Trials that diverged with each of the seeds. */
  readonly diverged: readonly number[];
  readonly seedWinners: readonly WinnerComparison[];
  readonly contestants: readonly Agreement[];
}

const SEEDS = ['PyTorch', 'PyTorch per core'] as const;

function lossesOf({ trials }: SearchMeasurement): number[] {
  return trials.map(({ mean }) => capped(mean));
}

/** Trials whose nets draw the same random numbers, since sizes and batches are the same, are relabelled together. */
function blocksOf(configurations: readonly Configuration[], triples: readonly Triple[]): Triple[][] {
  const blocks = new Map<string, Triple[]>();
  configurations.forEach((configuration, place) => {
    const draws = JSON.stringify([configuration.widths, configuration.batchSize]);
    blocks.set(draws, [...(blocks.get(draws) ?? []), triples[place]!]);
  });
  return [...blocks.values()];
}

function agreementOf(
  results: SearchResults,
  name: SearchName,
  measured: SearchMeasurement,
  seeds: readonly [SearchMeasurement, SearchMeasurement],
): Agreement {
  const own = lossesOf(measured);
  const [first, second] = seeds.map(lossesOf) as [number[], number[]];
  const triples = own.map((loss, i): Triple => [loss, first[i]!, second[i]!]);
  const winner = winnerOf(measured.trials);
  return {
    name,
    winner: winner.number,
    winnerLoss: capped(winner.mean),
    diverged: countDiverged(measured.trials),
    winners: seeds.map(({ trials }) => compareWinners(measured.trials, trials)),
    distances: [distanceOf(own, first), distanceOf(own, second)],
    oddOneOut: testOddOneOut(blocksOf(results.configurations, triples)),
  };
}

export function compareLosses(results: SearchResults): Agreements | null {
  const [first, second] = SEEDS.map((name) => firstAnswer(results, name));
  if (!first || !second) return null;
  const all = [...new Set(results.turns.map(({ name }) => name))];
  const names = all.filter((name) => !SEEDS.some((seed) => seed === name));
  return {
    noise: distanceOf(lossesOf(first), lossesOf(second)),
    diverged: [first, second].map(({ trials }) => countDiverged(trials)),
    seedWinners: [compareWinners(first.trials, second.trials), compareWinners(second.trials, first.trials)],
    contestants: names.flatMap((name) => {
      const measured = firstAnswer(results, name);
      return measured === null ? [] : [agreementOf(results, name, measured, [first, second])];
    }),
  };
}

/** The same winner, or one within a standard error by the figures of both of PyTorch's seeds. */
export function isSameWinner({ winners }: Agreement): boolean {
  return winners.every(({ isWithin }) => isWithin);
}
