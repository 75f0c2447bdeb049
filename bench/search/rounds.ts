import { ContestantError } from '../run-program.ts';
import type { SearchContestant, SearchMeasurement, SearchName } from './contestants.ts';
import type { SearchInputs } from './search-inputs.ts';

type Tell = (text: string) => void;

/** Variants of a peer within this share of its fastest differ by noise; the first of them goes on. */
const SAME_SHARE = 0.97;
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
  /** Of the peer's best variant. */
  readonly bestSeconds: number;
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

/** Runs every variant of the peers that have several on a part of the search and keeps the fastest of each. */
export async function qualifySearch(
  peers: readonly SearchContestant[],
  part: SearchInputs,
  tell: Tell,
): Promise<{ contestants: SearchContestant[]; unqualified: SearchUnqualified[] }> {
  const contestants: SearchContestant[] = [];
  const unqualified: SearchUnqualified[] = [];
  for (const name of new Set(peers.map((peer) => peer.name))) {
    const variants = peers.filter((peer) => peer.name === name);
    const measured: { contestant: SearchContestant; seconds: number | null }[] = [];
    for (const contestant of variants) {
      const answer =
        variants.length === 1 ? null : await attempt(contestant, part, QUALIFYING_TIMEOUT_MS, tell);
      measured.push({ contestant, seconds: answer?.seconds ?? null });
    }
    const bestSeconds = Math.min(...measured.map(({ seconds }) => seconds ?? Infinity));
    const chosen = measured.find(({ seconds }) => SAME_SHARE * (seconds ?? Infinity) <= bestSeconds)!;
    contestants.push(chosen.contestant);
    for (const { contestant, seconds } of measured) {
      if (contestant === chosen.contestant) continue;
      unqualified.push({ name, variant: contestant.variant, seconds, bestSeconds });
    }
  }
  return { contestants, unqualified };
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
