import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { epochRecord, newRun, query } from './store-test-kit.ts';

const A = 'run000000a';
const B = 'run000000b';
const DAY_MS = 24 * 3600 * 1000;

let folder = '';
let nowMs = 0;
const opened = new Set<OpenStore>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-store-'));
  nowMs = Date.now();
});
afterEach(() => {
  for (const store of opened) store.close();
  opened.clear();
  rmSync(folder, { recursive: true });
});

function open(): OpenStore {
  const store = openStore(folder, { now: () => nowMs, isProcessAlive: () => true });
  opened.add(store);
  return store;
}

function close(store: OpenStore): void {
  opened.delete(store);
  store.close();
}

const databasePath = (): string => join(folder, 'history.db');

/** A history with one finished run of `epochs` epochs, closed. */
function makeHistory(epochs = 3): void {
  const store = open();
  addFinishedRun(store, A, epochs);
  close(store);
}

function addFinishedRun({ runs }: OpenStore, id: string, epochs = 3): void {
  runs.createRun(newRun(id));
  runs.setState(id, 'running');
  for (let epoch = 1; epoch <= epochs; epoch++) runs.appendEpoch(id, epochRecord(id, epoch, 1 / epoch));
  runs.setState(id, 'finished');
}

function expectUsable(store: OpenStore): void {
  addFinishedRun(store, B, 1);
  expect(store.runs.getDetail(B).epochs).toHaveLength(1);
}

describe('opening a history', () => {
  it('makes the folder and an empty history, and finds it again', () => {
    folder = join(folder, 'not', 'yet', 'there');
    makeHistory();
    const store = open();
    expect(store.damage).toBeNull();
    expect(store.runs.getSummary(A).epochsDone).toBe(3);
    expect(store.databaseBytes()).toBeGreaterThan(0);
  });

  it('commits durably: WAL, synchronous FULL, foreign keys', () => {
    open();
    const other = new BetterSqlite3(databasePath());
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
    other.close();
  });

  it('refuses a history of a newer version and leaves every byte of it', () => {
    makeHistory();
    const database = new BetterSqlite3(databasePath());
    database.pragma('user_version = 99');
    database.pragma('journal_mode = DELETE');
    database.close();
    const before = readFileSync(databasePath());
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'unsupported', details: { found: 99, supported: SCHEMA_VERSION } }),
    );
    expect(readFileSync(databasePath()).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['history.db']);
  });
});

describe('a damaged history', () => {
  const damages: Readonly<Record<string, (path: string) => void>> = {
    'truncated to half': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
    'cut within a page': (path) => truncateSync(path, readFileSync(path).length - 1000),
    'with an overwritten header': (path) =>
      writeFileSync(path, Buffer.concat([Buffer.alloc(100, 0x5a), readFileSync(path).subarray(100)])),
    'with a zeroed page in the middle': (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0, 4096, 8192);
      writeFileSync(path, bytes);
    },
    'that is another file altogether': (path) => writeFileSync(path, 'These are my notes.\n'.repeat(300)),
    "that is another program's database": (path) => {
      rmSync(path);
      const other = new BetterSqlite3(path);
      other.exec('CREATE TABLE bookmark (url TEXT)');
      other.close();
    },
    'without one of its tables': (path) => {
      const database = new BetterSqlite3(path);
      database.exec('DROP TABLE log_line');
      database.close();
    },
  };

  it.each(Object.entries(damages))('%s is moved aside whole and a new one begun', (_, damage) => {
    makeHistory(40);
    damage(databasePath());
    const bytes = readFileSync(databasePath());
    const store = open();
    expect(store.damage?.finding).not.toBe('');
    expect(store.damage?.newestBackup).toBeNull();
    expect(readFileSync(store.damage?.movedTo ?? '').equals(bytes)).toBe(true);
    expect(store.damage?.movedTo).toMatch(/history\.damaged-.*\.db$/);
    expect(store.runs.list(query()).total).toBe(0);
    expectUsable(store);
  });

  it('offers the newest backup, also when the file was emptied', async () => {
    makeHistory();
    const store = open();
    const backup = await store.createBackup();
    close(store);
    truncateSync(databasePath(), 0);
    const reopened = open();
    expect(reopened.damage?.newestBackup).toBe(backup.path);
    await reopened.restoreBackup(backup.path);
    expect(reopened.runs.getDetail(A).epochs).toHaveLength(3);
  });

  it('with any bytes overwritten is opened, moved aside or refused, never a crash, and nothing is lost', () => {
    makeHistory(40);
    const sound = readFileSync(databasePath());
    const patch = fc.record({
      at: fc.integer({ min: 0, max: sound.length - 1 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    });
    fc.assert(
      fc.property(fc.array(patch, { minLength: 1, maxLength: 3 }), (patches) => {
        const damaged = Buffer.from(sound);
        for (const { at, bytes } of patches) damaged.set(bytes.slice(0, damaged.length - at), at);
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
        writeFileSync(databasePath(), damaged);
        openAndUse(damaged);
      }),
      { numRuns: 60 },
    );
  });

  function openAndUse(damaged: Buffer): void {
    try {
      const store = open();
      if (store.damage === null) tryReading(store);
      else {
        expect(readFileSync(store.damage.movedTo).equals(damaged)).toBe(true);
        expectUsable(store);
      }
      close(store);
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'unsupported') throw error;
      expect(readFileSync(databasePath()).equals(damaged)).toBe(true);
    }
  }

  /** Changed payload bytes are no damage that SQLite can see; reading them may fail, by an Error and no crash. */
  function tryReading(store: OpenStore): void {
    try {
      for (const run of store.runs.list(query()).runs) store.runs.getDetail(run.id);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});

describe('backups', () => {
  it('are made once a day, of a history that has something in it, and five are kept', async () => {
    const store = open();
    expect(await store.createDailyBackup()).toBeNull();
    addFinishedRun(store, A);
    expect(await store.createDailyBackup()).not.toBeNull();
    expect(await store.createDailyBackup()).toBeNull();
    nowMs += DAY_MS + 60_000;
    expect(await store.createDailyBackup()).not.toBeNull();
    for (let i = 0; i < 6; i++) {
      nowMs += 1000;
      await store.createBackup();
    }
    const names = readdirSync(join(folder, 'backups'));
    expect(names).toHaveLength(5);
    expect(names.every((name) => name.endsWith('.db'))).toBe(true);
  });

  it('bring back what was, and keep what they replaced', async () => {
    const store = open();
    addFinishedRun(store, A);
    const backup = await store.createBackup();
    expect(backup.sizeBytes).toBeGreaterThan(0);
    store.runs.annotate(A, { name: 'Changed since' });
    addFinishedRun(store, B);
    const replaced = await store.restoreBackup(backup.path);
    expect(store.runs.list(query()).runs.map((run) => run.name)).toEqual(['Circles']);
    expect(store.runs.getDetail(A).series.length).toBeGreaterThan(0);
    const kept = new BetterSqlite3(replaced, { readonly: true });
    expect(kept.prepare('SELECT count(*) FROM run').pluck().get()).toBe(2);
    kept.close();
    expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('are refused while a run is live, when damaged, and from elsewhere', async () => {
    const store = open();
    addFinishedRun(store, A);
    const backup = await store.createBackup();
    store.runs.createRun(newRun(B));
    await expect(store.restoreBackup(backup.path)).rejects.toMatchObject({ code: 'conflict' });
    store.runs.setState(B, 'cancelled');
    await expect(store.restoreBackup(databasePath())).rejects.toMatchObject({ code: 'not-found' });
    truncateSync(backup.path, 5000);
    await expect(store.restoreBackup(backup.path)).rejects.toMatchObject({ code: 'store-damaged' });
    expect(store.runs.list(query()).total).toBe(2);
  });

  it('leave nothing half-made when the folder cannot be written', async () => {
    const store = open();
    addFinishedRun(store, A);
    writeFileSync(join(folder, 'backups'), 'a file where the folder should be');
    await expect(store.createBackup()).rejects.toThrow();
    rmSync(join(folder, 'backups'));
    mkdirSync(join(folder, 'backups'));
    await store.createBackup();
    expect(existsSync(join(folder, 'backups'))).toBe(true);
  });
});
