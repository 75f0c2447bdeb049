import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CLI_PROGRAM } from '../../../scripts/lib/paths.mjs';
import { projectNode } from '../../../scripts/lib/project-node.mjs';
import { openStore } from '../../../src/main/store/open-store.ts';
import { memberKey } from '../../../src/main/search/member.ts';
import type { FoldResult, StudyId, TrialSummary } from '../../../src/shared/schema/study.ts';

/** How a study is killed. */
export interface KillStudyOptions {
  readonly kills: number;
  readonly trials: number;
  /** An empty folder; two histories are made in it. */
  readonly folder: string;
  readonly random: () => number;
  readonly report: (line: string) => void;
}

/** What came of it. */
export interface KillStudyReport {
  readonly kills: number;
  /** Results that were stored when a kill came, summed over all kills. */
  readonly storedAtKills: number;
  readonly faults: readonly string[];
}

type Stored = ReadonlyMap<string, FoldResult>;

/** A small search of A1's kind: folds, several shapes, two optimizers. */
function experimentOf(trials: number): unknown {
  const dense = (units: number, activation = 'linear') => ({ kind: 'dense', units, activation });
  return {
    schemaVersion: 1,
    name: 'Killed search',
    data: {
      dataset: 'noisy-1d',
      generator: { trainExamples: 60, testExamples: 20, noise: 0.3, seed: 1 },
    },
    model: { layers: [dense(8, 'relu'), { kind: 'dropout', rate: 0.1 }, dense(1)] },
    training: { loss: 'mean-squared-error', batchSize: 16, epochs: 200 },
    evaluation: { metrics: [] },
    search: {
      parameters: [
        { kind: 'choice', name: 'units', paths: ['model.layers.0.units'], values: [4, 8, 16] },
        {
          kind: 'log-uniform',
          name: 'rate',
          paths: ['training.optimizer.learningRate'],
          minimum: 1e-4,
          maximum: 1e-2,
        },
        { kind: 'choice', name: 'batch size', paths: ['training.batchSize'], values: [8, 16] },
      ],
      sampler: { kind: 'random', trials },
      folds: 3,
    },
  };
}

class Home {
  readonly path: string;

  constructor(path: string, trials: number) {
    this.path = path;
    mkdirSync(join(path, 'experiments'), { recursive: true });
    writeFileSync(join(path, 'experiments', 'killed.json'), JSON.stringify(experimentOf(trials)));
  }

  /** Begins a command in a process group of its own. */
  start(...words: readonly string[]): ChildProcess {
    return spawn(projectNode(), [CLI_PROGRAM, 'search', ...words], {
      env: { ...process.env, EPOCH_STUDIO_HOME: this.path },
      detached: true,
      stdio: 'ignore',
    });
  }

  /** What is stored, read while nobody writes. */
  read(): { id: StudyId; state: string; trials: TrialSummary[]; results: Stored } | null {
    const store = openStore(this.path);
    try {
      const [study] = store.studies.listStudies(false);
      if (study === undefined) return null;
      const results = store.studies
        .folds(study.id, null)
        .map(({ trial, result }) => [memberKey({ trial, ...result }), result] as const);
      return {
        id: study.id,
        state: study.state,
        trials: store.studies.trials(study.id, 0, 1_000_000),
        results: new Map(results),
      };
    } finally {
      store.close();
    }
  }
}

const exited = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

/** Kills every process of a command's group at once, as a power cut would end them. */
function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** Numbers that must not depend on how often it was killed: all but the time they took. */
function numbersOf({ durationMs: _, ...result }: FoldResult): string {
  return JSON.stringify(result);
}

function compareStored(before: Stored, after: Stored, when: string): string[] {
  return [...before].flatMap(([key, result]) => {
    const now = after.get(key);
    if (now === undefined) return [`${when}: the result of ${key} is gone`];
    return JSON.stringify(now) === JSON.stringify(result)
      ? []
      : [`${when}: the result of ${key} has changed`];
  });
}

function ranking(trials: readonly TrialSummary[]): number[] {
  return [...trials]
    .sort((a, b) => (a.values[0] ?? Infinity) - (b.values[0] ?? Infinity) || a.number - b.number)
    .map(({ number }) => number);
}

/**
 * Kills a study's whole process tree at random moments, goes on with it each time, and compares what it came to with a
 * study that nobody disturbed: no stored result may be lost or changed, no net trained twice, no number differ.
 */
export async function killStudy(options: KillStudyOptions): Promise<KillStudyReport> {
  const { kills, trials, folder, random, report } = options;
  const calm = new Home(join(folder, 'calm'), trials);
  if ((await exited(calm.start('mine/killed', '--workers', '1'))) !== 0)
    throw new Error('the calm study failed');
  const home = new Home(join(folder, 'killed'), trials);
  const faults: string[] = [];
  let before: Stored = new Map();
  let storedAtKills = 0;
  let done = 0;
  while (done < kills) {
    const known = home.read();
    const child =
      known === null
        ? home.start('mine/killed', '--workers', '1')
        : home.start('resume', known.id, '--workers', '1');
    const end = exited(child);
    const lived = await Promise.race([end, wait(300 + random() * 3_500, 'kill' as const)]);
    killGroup(child);
    await end;
    if (lived !== 'kill') break;
    done += 1;
    const after = home.read();
    faults.push(...compareStored(before, after?.results ?? new Map(), `kill ${done}`));
    before = after?.results ?? before;
    storedAtKills += before.size;
    report(`kill ${done}: ${before.size} results stored, study ${after?.state ?? 'not begun'}`);
  }
  await finish(home);
  return { kills: done, storedAtKills, faults: [...faults, ...compareEnds(calm, home, before)] };
}

async function finish(home: Home): Promise<void> {
  const known = home.read();
  if (known?.state === 'finished') return;
  const child = known === null ? home.start('mine/killed') : home.start('resume', known.id);
  const code = await exited(child);
  if (code !== 0) throw new Error(`the killed study could not be finished: exit code ${String(code)}`);
}

function compareEnds(calm: Home, home: Home, before: Stored): string[] {
  const [expected, found] = [calm.read(), home.read()];
  if (expected === null || found === null) return ['a study is missing at the end'];
  const faults = compareStored(before, found.results, 'at the end');
  for (const [key, result] of expected.results) {
    const own = found.results.get(key);
    if (own === undefined) faults.push(`at the end: ${key} was never trained`);
    else if (numbersOf(own) !== numbersOf(result)) faults.push(`at the end: ${key} has other numbers`);
  }
  if (found.results.size !== expected.results.size) faults.push('at the end: the numbers of results differ');
  if (ranking(found.trials).join() !== ranking(expected.trials).join()) faults.push('the rankings differ');
  return faults;
}
