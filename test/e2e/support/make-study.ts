/**
 * Makes a finished study of 2,500 trials of five folds through the store, as a search would have left it:
 * `node test/e2e/support/make-study.ts FOLDER`. Its nets were never trained: what they came to is made up.
 */
import BetterSqlite3 from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { createSampler } from '../../../src/main/search/samplers/index.ts';
import { configureConnection, migrate } from '../../../src/main/store/schema.ts';
import { SqliteStudyStore } from '../../../src/main/store/sqlite-study-store.ts';
import { storePaths } from '../../../src/main/store/store-paths.ts';
import { openStream, type RandomStream } from '../../../src/shared/random/stream.ts';
import type { FoldResult, SearchPoint, StudyId } from '../../../src/shared/schema/study.ts';
import { WIDE_TRIALS, wideSearch } from './searches.ts';

/** How a trial of the made study ended. */
type Ending = FoldResult['state'];

const SEED = 1;
const FOLDS = 5;
/** Trials that train together and so end together. */
const TOGETHER = 10;
const POINTS = 20;
const EPOCHS = wideSearch.training.epochs;

function numberOf(point: SearchPoint, name: string): number {
  const value = point[name];
  return typeof value === 'number' ? value : 0;
}

/** The loss that a net nears: learning rates near 0.03 do best, and dropout harms. */
function floorOf(point: SearchPoint): number {
  const distance = Math.log10(numberOf(point, 'learning rate')) - Math.log10(0.03);
  const size = Math.log2(numberOf(point, 'units')) - 5;
  return (
    0.2 +
    0.08 * distance ** 2 +
    0.3 * numberOf(point, 'dropout') ** 2 +
    0.01 * size ** 2 +
    0.05 * (numberOf(point, 'momentum') - 0.9) ** 2
  );
}

/** What a net gains in accuracy against its loss: wide ones and those with dropout do, so that the two compete. */
function gainOf(point: SearchPoint): number {
  return 0.01 * Math.log2(numberOf(point, 'units') / 32) + 0.08 * numberOf(point, 'dropout');
}

function endingOf(random: RandomStream): Ending {
  const share = random.nextUniform();
  return share < 0.02 ? 'failed' : share < 0.17 ? 'pruned' : 'finished';
}

/** One net: a loss that falls towards its floor, cut short where it was pruned, nothing where it failed. */
function makeFold(
  fold: number,
  [floor, gain]: readonly [number, number],
  ending: Ending,
  random: RandomStream,
): FoldResult {
  const noisy = floor * (1 + 0.08 * random.nextNormal());
  const measured = ending === 'finished' ? POINTS : ending === 'pruned' ? POINTS / 4 : 1;
  const curve = Array.from({ length: measured }, (_, i): [number, number] => {
    const epoch = ((i + 1) * EPOCHS) / POINTS;
    return [epoch, noisy + 0.5 * Math.exp(-epoch / 20) * (1 + 0.05 * random.nextNormal())];
  });
  const loss = curve.at(-1)?.[1] ?? null;
  const accuracy = Math.min(1, 1 - 0.35 * noisy + gain + 0.01 * random.nextNormal());
  const failure = { code: 'diverged', message: 'The loss was no longer finite', details: {} };
  return {
    fold,
    repeat: 0,
    seed: SEED,
    state: ending,
    epochs: (measured * EPOCHS) / POINTS,
    values: ending === 'finished' ? [loss, accuracy] : [null, null],
    curve,
    durationMs: 400 * (0.8 + 0.4 * random.nextUniform()),
    failure: ending === 'failed' ? failure : null,
  };
}

/** The clock of what is made; it stands still but for {@link Clock.advance}. */
class Clock {
  #ms = Date.UTC(2026, 0, 1);

  readonly now = (): number => this.#ms;

  advance(ms: number): void {
    this.#ms += ms;
  }
}

/** The nets of some trials by fold; a trial that does not finish has but its first. */
function makeFolds(points: readonly SearchPoint[], from: number, random: RandomStream) {
  return points.flatMap((point, at) => {
    const ending = endingOf(random);
    const nears = [floorOf(point), gainOf(point)] as const;
    return Array.from({ length: ending === 'finished' ? FOLDS : 1 }, (_, fold) => ({
      trial: from + at,
      result: makeFold(fold, nears, ending, random),
    }));
  });
}

function fill(store: SqliteStudyStore, id: StudyId, clock: Clock): void {
  const sampler = createSampler(wideSearch.search!, SEED);
  const random = openStream(SEED, 'generator', 'e2e/study');
  const begunMs = clock.now();
  for (let from = 0; from < WIDE_TRIALS; from += TOGETHER) {
    const points = Array.from({ length: TOGETHER }, (_, at) => sampler.draw(from + at, []));
    store.addTrials(
      id,
      points.map((point, at) => ({ number: from + at, point })),
    );
    const folds = makeFolds(points, from, random);
    store.addFolds(
      id,
      folds.filter(({ result }) => result.fold === 0),
    );
    clock.advance(600 + 300 * random.nextUniform());
    store.addFolds(
      id,
      folds.filter(({ result }) => result.fold > 0),
    );
  }
  store.setState(id, 'finished', { durationMs: clock.now() - begunMs });
}

/**
 * Makes the study in a data folder that no studio has open.
 * @returns its id
 */
export function makeStudy(home: string): StudyId {
  mkdirSync(home, { recursive: true });
  const database = new BetterSqlite3(storePaths(home).database);
  try {
    configureConnection(database);
    // What a power cut leaves of a test's data is of no interest.
    database.pragma('synchronous = OFF');
    migrate(database);
    const clock = new Clock();
    const store = new SqliteStudyStore(database, { now: clock.now, isProcessAlive: () => true });
    const id = 's01k0wide0a';
    store.createStudy({
      id,
      experiment: wideSearch,
      experimentId: null,
      seed: SEED,
      trialsPlanned: WIDE_TRIALS,
      netsPerTrial: FOLDS,
      ownerPid: process.pid,
    });
    database.transaction(() => fill(store, id, clock))();
    return id;
  } finally {
    database.close();
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('make-study: found no folder, expected FOLDER');
  process.stdout.write(`${makeStudy(folder)}\n`);
}
