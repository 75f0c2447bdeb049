import BetterSqlite3, { type Database } from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRunsFilter } from '../../shared/experiment/parse-runs-filter.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { epochRecord, newRun, query } from './store-test-kit.ts';

const RUNS = 10_000;
const POINTS = 1_000_000;
const LONG = 'long00000run';

/** Copies of one real run, made in SQL because a million transactions would take the afternoon. */
function multiply(database: Database): void {
  const columns = database
    .prepare<[], { name: string }>('PRAGMA table_info(run)')
    .all()
    .map((column) => column.name)
    .filter((name) => !['number', 'id', 'name', 'dev_loss', 'search_text'].includes(name));
  database.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RUNS - 1})
    INSERT INTO run (id, name, dev_loss, search_text, ${columns.join(', ')})
      SELECT printf('copy%08d', i), 'Copy ' || i, (i * 7919 % 10007) / 10007.0,
             printf('copy %d circles copy%08d', i, i), ${columns.join(', ')} FROM n, run WHERE run.id = '${LONG}';
    INSERT INTO run_definition SELECT copy.number, experiment, model, provenance, preprocessing
      FROM run copy, run_definition WHERE copy.id <> '${LONG}';
    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= ${POINTS / RUNS})
    INSERT INTO metric SELECT number, 'dev', 'loss', i * 10, i, 1.0 / i FROM run, n WHERE id <> '${LONG}';
    PRAGMA wal_checkpoint(TRUNCATE);`);
}

/** The median time of nine calls in milliseconds; shared machines have bad moments. */
function medianMs(call: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    call();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[4]!;
}

/** The median work of nine calls in milliseconds of CPU time, whatever else the machine does meanwhile. */
function medianWorkMs(call: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const start = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return times.sort((a, b) => a - b)[4]!;
}

describe(`a history of ${RUNS} runs and ${POINTS} points`, () => {
  let folder = '';
  let store: OpenStore;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-size-'));
    store = openStore(folder);
    store.runs.createRun(newRun(LONG));
    store.runs.setState(LONG, 'running');
    for (let epoch = 1; epoch <= 500; epoch++) store.runs.appendEpoch(LONG, epochRecord(LONG, epoch, 1));
    const database = new BetterSqlite3(join(folder, 'history.db'));
    multiply(database);
    database.close();
  });
  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  it('has the size it says', () => {
    expect(store.runs.list(query({ limit: 1 })).total).toBe(RUNS);
  });

  it.each([
    ['its first page', query({})],
    ['a page sorted by loss', query({ sort: 'devLoss', offset: 5000 })],
    ['a search', query({ text: 'circles 777' })],
  ])('lists %s within 100 ms', (_, page) => {
    expect(medianMs(() => store.runs.list(page))).toBeLessThan(100);
  });

  it.each([
    [
      'a filter on a setting',
      query({ filter: parseRunsFilter('optimizer:sgd lr<1 dev.loss<.5').conditions }),
    ],
    ['groups of a setting', query({ groupBy: 'training.batchSize', sortField: 'devLoss' })],
    ['settings beside the runs', query({ columns: ['training.optimizer.kind', 'training.batchSize'] })],
  ])('lists %s with less than 300 ms of work', (_, page) => {
    expect(medianWorkMs(() => store.runs.list(page))).toBeLessThan(300);
  });

  it('reads what a comparison of 200 runs shows with less than 150 ms of work each', () => {
    const { runs } = store.runs.list(query({ sort: 'devLoss', limit: 200 }));
    const ids = runs.map((run) => run.id);
    const loss = [{ split: 'dev', metric: 'loss' }] as const;
    expect(medianWorkMs(() => store.runs.getRecords(ids))).toBeLessThan(150);
    expect(medianWorkMs(() => store.runs.getCurves(ids, loss))).toBeLessThan(150);
    expect(medianWorkMs(() => store.runs.getValues(ids.map((id) => ({ id, epoch: 100 }))))).toBeLessThan(150);
    expect(store.runs.getCurves(ids, loss)[199]?.[0]?.values).toHaveLength(POINTS / RUNS);
  });

  it('shows a run of 500 epochs within 100 ms and stores an epoch within 100 ms', () => {
    expect(medianMs(() => store.runs.getDetail(LONG))).toBeLessThan(100);
    let epoch = 500;
    expect(medianMs(() => store.runs.appendEpoch(LONG, epochRecord(LONG, ++epoch, 1)))).toBeLessThan(100);
  });

  it('opens again within two seconds, checked', () => {
    const start = performance.now();
    openStore(folder).close();
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('a history on a full disk', () => {
  it('refuses the epoch as a whole and goes on when there is room again', () => {
    const mount = mkdtempSync(join(tmpdir(), 'small-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      return; // A container may forbid mounting even to root.
    }
    try {
      fillAndFree(mount);
    } finally {
      execFileSync('umount', [mount]);
      rmSync(mount, { recursive: true });
    }
  });

  function fillAndFree(mount: string): void {
    const { runs, close } = openStore(mount);
    runs.createRun(newRun(LONG));
    runs.setState(LONG, 'running');
    let stored = 0;
    const append = (): void => {
      runs.appendEpoch(LONG, epochRecord(LONG, stored + 1, 1));
      stored += 1;
    };
    expect(() => {
      for (;;) append();
    }).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(stored).toBeGreaterThan(0);
    const detail = runs.getDetail(LONG);
    expect(detail.epochs).toHaveLength(stored);
    expect(detail.summary.epochsDone).toBe(stored);
    execFileSync('mount', ['-o', 'remount,size=4m', mount]);
    append();
    expect(runs.getSummary(LONG).epochsDone).toBe(stored);
    close();
  }
});
