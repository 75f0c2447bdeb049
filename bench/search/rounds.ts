import { ContestantError } from '../run-program.ts';
import type { SearchContestant, SearchMeasurement, SearchName } from './contestants.ts';
import type { SearchInputs } from './search-inputs.ts';

type Tell = (text: string) => void;

/** A variant below this share of its peer's fastest takes no part in the rounds. */
const QUALIFYING_SHARE = 0.9;
/** The faster of so many turns counts, so that what else the machine does decides nothing. */
const QUALIFYING_TURNS = 2;
const QUALIFYING_TIMEOUT_MS = 240_000;
const ROUND_TIMEOUT_MS = 3_600_000;

/** One contestant's turns. `measurements` has one entry per round, null where it gave no answer. */
export interface SearchTurns {
  readonly name: SearchName;
  readonly variant: string;
  readonly measurements: readonly (SearchMeasurement | null)[];
}

/** A variant that was slower than another of the same peer on a part of the search. */
export interface SearchUnqualified {
  readonly name: SearchName;
  readonly variant: string;
  /** Null where it gave no answer. */
  readonly seconds: number | null;
  /** Of the peer's best variant; null where none answered. */
  readonly bestSeconds: number | null;
}

/** Measures once; a contestant without an answer is told and counts as null. */
async function attempt(
  contestant: SearchContestant,
  inputs: SearchInputs,
  timeoutMs: number,
  tell: Tell,
): Promise<SearchMeasurement | null> {
  const label = `${contestant.name} (${contestant.variant})`;
  try {
    const measured = await contestant.measure(inputs, timeoutMs);
    const compile =
      measured.compileSeconds === null ? '' : `, compiling ${measured.compileSeconds.toFixed(1)} s`;
    tell(`  ${label}: ${measured.seconds.toFixed(1)} s${compile}`);
    return measured;
  } catch (error) {
    if (!(error instanceof ContestantError)) throw error;
    tell(`  ${label}: no answer: ${error.message}`);
    return null;
  }
}

/** Seconds of each variant's faster turn on a part of the search, the turns interleaved; Infinity without an answer. */
async function timeVariants(
  variants: readonly SearchContestant[],
  part: SearchInputs,
  tell: Tell,
): Promise<number[]> {
  const fastest = variants.map(() => Infinity);
  for (let turn = 0; turn < QUALIFYING_TURNS; turn++) {
    for (const [place, variant] of variants.entries()) {
      const answer = await attempt(variant, part, QUALIFYING_TIMEOUT_MS, tell);
      fastest[place] = Math.min(fastest[place]!, answer?.seconds ?? Infinity);
    }
  }
  return fastest;
}

/** Who takes part in the rounds, and who does not. */
export interface QualifiedSearch {
  readonly contestants: readonly SearchContestant[];
  readonly unqualified: readonly SearchUnqualified[];
}

/** Runs every variant of the peers that have several on a part of the search and keeps the fast ones. */
export async function qualifySearch(
  peers: readonly SearchContestant[],
  part: SearchInputs,
  tell: Tell,
): Promise<QualifiedSearch> {
  const contestants: SearchContestant[] = [];
  const unqualified: SearchUnqualified[] = [];
  for (const name of new Set(peers.map((peer) => peer.name))) {
    const variants = peers.filter((peer) => peer.name === name);
    if (variants.length === 1) {
      contestants.push(...variants);
      continue;
    }
    const seconds = await timeVariants(variants, part, tell);
    const best = Math.min(...seconds);
    for (const [place, contestant] of variants.entries()) {
      const own = seconds[place]!;
      if (QUALIFYING_SHARE * own <= best && own < Infinity) contestants.push(contestant);
      else
        unqualified.push({
          name,
          variant: contestant.variant,
          seconds: finite(own),
          bestSeconds: finite(best),
        });
    }
  }
  return { contestants, unqualified };
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null;
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Runs the rounds: every contestant once in each, one at a time, in rotating order. */
export async function runSearchRounds(
  rounds: number,
  contestants: readonly SearchContestant[],
  inputs: SearchInputs,
  tell: Tell,
): Promise<SearchTurns[]> {
  const turns = contestants.map((contestant) => ({
    contestant,
    measurements: [] as (SearchMeasurement | null)[],
  }));
  for (let round = 0; round < rounds; round++) {
    tell(`Round ${round + 1} of ${rounds}`);
    for (const { contestant, measurements } of rotate(turns, round)) {
      measurements.push(await attempt(contestant, inputs, ROUND_TIMEOUT_MS, tell));
    }
  }
  return turns.map(({ contestant: { name, variant }, measurements }) => ({ name, variant, measurements }));
}
