import BetterSqlite3 from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI_PROGRAM } from '../../../scripts/lib/paths.mjs';
import { projectNode } from '../../../scripts/lib/project-node.mjs';
import { memberKey } from '../../../src/main/search/member.ts';
import { openStore } from '../../../src/main/store/open-store.ts';
import type { FoldResult, StudyId, StudyState, TrialSummary } from '../../../src/shared/schema/study.ts';
import { childPids } from './studio-process.ts';

/** Results of nets by what names them within their study. */
export type StoredNets = ReadonlyMap<string, FoldResult>;

/** A study as it is stored. */
export interface StoredStudy {
  readonly id: StudyId;
  readonly state: StudyState;
  readonly durationMs: number;
  readonly trials: readonly TrialSummary[];
  readonly nets: StoredNets;
}

/** A small search of A1's kind: folds, several shapes, two batch sizes, nets that end at different epochs. */
function experimentOf(trials: number): unknown {
  const dense = (units: number, activation = 'linear') => ({ kind: 'dense', units, activation });
  const choice = (name: string, path: string, values: number[]) => ({
    kind: 'choice',
    name,
    paths: [path],
    values,
  });
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
        choice('units', 'model.layers.0.units', [4, 8, 16]),
        {
          kind: 'log-uniform',
          name: 'rate',
          paths: ['training.optimizer.learningRate'],
          minimum: 1e-4,
          maximum: 1e-2,
        },
        choice('batch size', 'training.batchSize', [8, 16]),
        choice('epochs', 'training.epochs', [20, 60, 120, 200]),
      ],
      sampler: { kind: 'random', trials },
      folds: 3,
    },
  };
}

/** The command line at work on a study, in a process group of its own. */
export class StudyCommand {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #errors = '';

  constructor(home: string, words: readonly string[]) {
    this.#child = spawn(projectNode(), [CLI_PROGRAM, 'search', ...words, '--workers', '1'], {
      env: { ...process.env, EPOCH_STUDIO_HOME: home },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (text: Buffer) => (this.#errors += text.toString('utf8')));
    this.exited = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The end of what it said went wrong. */
  get errors(): string {
    return this.#errors.slice(-500).trim();
  }

  /** The studio it started; undefined before that and after its end. */
  get studio(): number | undefined {
    return childPids(this.pid)[0];
  }

  get searchers(): number[] {
    return this.studio === undefined ? [] : childPids(this.studio);
  }

  /** Kills every process of it at once, as a power cut would end them. */
  killAll(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // All of them have ended by themselves meanwhile.
    }
  }
}

/** A data folder with one search in it. */
export class StudyHome {
  readonly path: string;

  constructor(path: string, trials: number) {
    this.path = path;
    mkdirSync(join(path, 'experiments'), { recursive: true });
    writeFileSync(join(path, 'experiments', 'killed.json'), JSON.stringify(experimentOf(trials)));
  }

  /** Begins the search, or goes on with it. */
  goOn(known: StoredStudy | null): StudyCommand {
    return new StudyCommand(this.path, known === null ? ['mine/killed'] : ['resume', known.id]);
  }

  /** Results that are stored now. */
  countNets(): number {
    const path = join(this.path, 'history.db');
    if (!existsSync(path)) return 0;
    const database = new BetterSqlite3(path, { readonly: true });
    try {
      return Number(database.prepare('SELECT count(*) FROM fold').pluck().get());
    } catch {
      // It is being made just now.
      return 0;
    } finally {
      database.close();
    }
  }

  /** What is stored; null before the search has begun. */
  read(): StoredStudy | null {
    const store = openStore(this.path);
    try {
      const [study] = store.studies.listStudies(false);
      if (study === undefined) return null;
      const nets = store.studies
        .folds(study.id, null)
        .map(({ trial, result }) => [memberKey({ trial, ...result }), result] as const);
      return {
        id: study.id,
        state: study.state,
        durationMs: study.durationMs,
        trials: store.studies.trials(study.id, 0, 1_000_000),
        nets: new Map(nets),
      };
    } finally {
      store.close();
    }
  }
}
