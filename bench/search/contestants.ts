import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../scripts/lib/command.mjs';
import { CLI_PROGRAM } from '../../scripts/lib/paths.mjs';
import { TENSORFLOW_VERSION } from '../../src/main/engine/library/pinned.ts';
import { readAppVersion } from '../../src/main/host/app-version.ts';
import { studySummary, trialSummary } from '../../src/shared/schema/study.ts';
import type { InstalledPeers } from '../install-peers.ts';
import { ContestantError, runProgram } from '../run-program.ts';
import { summariseFolds, type TrialLoss } from './noise.ts';
import { MemoryWatch } from './process-memory.ts';
import { SEARCH_SEED, type SearchInputs } from './search-inputs.ts';

/** Those by hand are no user's programs: the whole step is written as a function so that all nets share its program. */
export const searchPeers = [
  'PyTorch',
  'PyTorch per core',
  'JAX',
  'PyTorch by hand',
  'PyTorch by hand per core',
] as const;
export type SearchPeer = (typeof searchPeers)[number];
export type SearchName = SearchPeer | 'Epoch Studio';

/** What came of one contestant's turn. */
export interface SearchMeasurement {
  /** From the start of its command to the end of its process. */
  readonly seconds: number;
  /** Of these: libraries loaded; null for the studio, which does not tell. */
  readonly loadSeconds: number | null;
  /** Compiling, summed over threads and processes; null for the studio. */
  readonly compileSeconds: number | null;
  /** Of its processes together, by samples; null where the platform does not tell. */
  readonly peakMemoryBytes: number | null;
  readonly trials: readonly TrialLoss[];
  readonly versions: Readonly<Record<string, string>>;
}

/** A way of training the search, as a command of its own. */
export interface SearchContestant {
  readonly name: SearchName;
  /** Its options in words. */
  readonly variant: string;
  /** Does it find on the disk what it compiled in an earlier turn? */
  readonly keepsPrograms: boolean;
  measure(inputs: SearchInputs, timeoutMs: number): Promise<SearchMeasurement>;
}

const peerAnswer = z.object({
  results: z.array(z.object({ number: z.number(), foldLosses: z.array(z.number().nullable()) })),
  steps: z.number(),
  seconds: z.number(),
  compileSeconds: z.number(),
  versions: z.record(z.string(), z.string()),
});

/** Time and memory of whatever is started meanwhile. */
async function watched<T>(
  work: () => Promise<T>,
): Promise<{ answer: T; seconds: number; peakMemoryBytes: number | null }> {
  const memory = new MemoryWatch();
  const startMs = performance.now();
  try {
    const answer = await work();
    const seconds = (performance.now() - startMs) / 1_000;
    return { answer, seconds, peakMemoryBytes: memory.stop() };
  } finally {
    memory.stop();
  }
}

interface PeerProgram {
  readonly name: SearchPeer;
  readonly variant: string;
  readonly program: string;
  readonly script: string;
  /** Of its dropout; each has another, so that two of PyTorch's tell how much chance does. */
  readonly seed: number;
  readonly options: readonly string[];
  readonly keepsPrograms: boolean;
}

async function measurePeer(
  { name, program, script, seed, options }: PeerProgram,
  inputs: SearchInputs,
  timeoutMs: number,
): Promise<SearchMeasurement> {
  const path = join(import.meta.dirname, '..', 'peers', script);
  const args = [path, '--inputs', inputs.folder, '--seed', String(seed), ...options];
  const { answer, ...measured } = await watched(() => runProgram(program, args, { timeoutMs, label: name }));
  const { results, steps, seconds, compileSeconds, versions } = peerAnswer.parse(answer);
  if (steps !== inputs.steps) {
    throw new ContestantError(`${name} took ${steps} steps, expected ${inputs.steps}`);
  }
  return {
    ...measured,
    loadSeconds: measured.seconds - seconds,
    compileSeconds,
    trials: results.map(({ number, foldLosses }) => summariseFolds(number, foldLosses)),
    versions,
  };
}

function listTorch(python: string, cores: number): PeerProgram[] {
  const torch = (
    name: SearchPeer,
    variant: string,
    seed: number,
    [threads, processes, mode]: readonly [number, number, 'eager' | 'compiled' | 'by-hand'],
  ): PeerProgram => ({
    name,
    variant,
    program: python,
    script: 'torch_search.py',
    seed,
    options: ['--threads', String(threads), '--processes', String(processes), '--mode', mode],
    keepsPrograms: mode !== 'eager',
  });
  const perCore = `${cores} processes of 1 thread`;
  return [
    torch('PyTorch', '1 thread, eager', 1, [1, 1, 'eager']),
    torch('PyTorch', `${cores} threads, eager`, 1, [cores, 1, 'eager']),
    torch('PyTorch', '1 thread, torch.compile', 1, [1, 1, 'compiled']),
    torch('PyTorch per core', `${perCore}, eager`, 2, [1, cores, 'eager']),
    torch('PyTorch per core', `${perCore}, torch.compile`, 2, [1, cores, 'compiled']),
    torch('PyTorch by hand', '1 thread, whole steps compiled', 3, [1, 1, 'by-hand']),
    torch('PyTorch by hand per core', `${perCore}, whole steps compiled`, 4, [1, cores, 'by-hand']),
  ];
}

function listJax(python: string, cores: number, kept: string): PeerProgram[] {
  const jax = (
    workers: number,
    together: boolean,
    generator: 'threefry2x32' | 'unsafe_rbg',
  ): PeerProgram => ({
    name: 'JAX',
    variant:
      `vmap over folds${together ? ' and configurations' : ''}, ${generator}, ` +
      `${workers} program${workers === 1 ? '' : 's'} at a time`,
    program: python,
    script: 'jax_search.py',
    seed: 5,
    options: [
      ...['--workers', String(workers), '--generator', generator, '--kept', kept],
      ...(together ? ['--together'] : []),
    ],
    keepsPrograms: true,
  });
  return [
    jax(1, false, 'threefry2x32'),
    jax(1, false, 'unsafe_rbg'),
    jax(cores, false, 'unsafe_rbg'),
    jax(1, true, 'unsafe_rbg'),
    jax(cores, true, 'unsafe_rbg'),
  ];
}

/**
 * Every variant of every peer.
 * @param kept folder for what JAX compiles, which it keeps only when asked to
 */
export function listSearchPeers({ torch, jax }: InstalledPeers['python'], kept: string): SearchContestant[] {
  const cores = cpus().length;
  return [...listTorch(torch, cores), ...listJax(jax, cores, kept)].map((peer) => ({
    name: peer.name,
    variant: peer.variant,
    keepsPrograms: peer.keepsPrograms,
    measure: (inputs, timeoutMs) => measurePeer(peer, inputs, timeoutMs),
  }));
}

const commandAnswer = z.object({ summary: studySummary, trials: z.array(trialSummary) });

const OWN_ID = 'search-benchmark';

/** Runs the search by the command line, on a data folder of its own, without kept programs if they are not wanted. */
async function searchInStudio(home: string, keepsPrograms: boolean, timeoutMs: number): Promise<unknown> {
  const args = [CLI_PROGRAM, 'search', `mine/${OWN_ID}`, '--seed', String(SEARCH_SEED), '--json'];
  const elsewhere = { TF_XLA_FLAGS: `--tf_xla_persistent_cache_directory='${join(home, 'programs')}'` };
  const { code, stdout, stderr } = await run(process.execPath, args, {
    env: { EPOCH_STUDIO_HOME: home, ...(keepsPrograms ? {} : elsewhere) },
    timeoutMs,
  });
  if (code === 0) return JSON.parse(stdout);
  const why = stderr.trimEnd().split('\n').slice(-4).join('\n') || stdout.slice(0, 500);
  throw new ContestantError(`Epoch Studio failed (exit code ${code}): ${why}`);
}

/** @throws ContestantError where the studio did not train what the peers do */
function requireSamePoints(
  { points }: SearchInputs,
  { summary, trials }: z.infer<typeof commandAnswer>,
): void {
  const drawn = trials.map(({ point }) => point);
  const isSame = JSON.stringify(drawn) === JSON.stringify(points);
  if (isSame && summary.state === 'finished' && summary.trialsFailed === 0) return;
  const drew = isSame ? 'the same points' : 'other points';
  throw new ContestantError(
    `Epoch Studio: the search drew ${drew} and is ${summary.state} with ${summary.trialsFailed} failed trials`,
  );
}

async function measureStudio(
  inputs: SearchInputs,
  keepsPrograms: boolean,
  timeoutMs: number,
): Promise<SearchMeasurement> {
  const home = await mkdtemp(join(tmpdir(), 'epoch-studio-bench-'));
  try {
    await mkdir(join(home, 'experiments'));
    await writeFile(join(home, 'experiments', `${OWN_ID}.json`), JSON.stringify(inputs.experiment));
    const { answer, ...measured } = await watched(() => searchInStudio(home, keepsPrograms, timeoutMs));
    const study = commandAnswer.parse(answer);
    requireSamePoints(inputs, study);
    return {
      ...measured,
      loadSeconds: null,
      compileSeconds: null,
      trials: study.trials.map(({ number, values, standardError }) => ({
        number,
        mean: values[0] ?? null,
        standardError,
      })),
      versions: { 'epoch-studio': readAppVersion(), tensorflow: TENSORFLOW_VERSION },
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What the studio is judged by: it keeps compiled programs, as it always does. */
export const STUDIO_KEEPING = 'programs kept from run to run';
/** As on a machine where no search of such nets has run yet. */
export const STUDIO_ANEW = 'every program compiled anew';

/** The studio itself: the command line, its studio process and its searchers, everything stored. */
export function searchingStudios(): SearchContestant[] {
  return [true, false].map((keepsPrograms) => ({
    name: 'Epoch Studio',
    variant: keepsPrograms ? STUDIO_KEEPING : STUDIO_ANEW,
    keepsPrograms,
    measure: (inputs, timeoutMs) => measureStudio(inputs, keepsPrograms, timeoutMs),
  }));
}
