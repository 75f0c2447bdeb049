import { spawn } from 'node:child_process';
import { once } from 'node:events';
import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type OpenStore } from './open-store.ts';
import { newRun, query } from './store-test-kit.ts';

const writerProgram = join(import.meta.dirname, '../../../test/fixtures/store-writer.ts');

interface Writer {
  readonly pid: number;
  /** The last epoch it said to be stored. */
  acknowledged(): number;
  kill(): void;
  readonly ended: Promise<number | null>;
}

function startWriter(folder: string, id: string, epochs: number): Writer {
  const child = spawn(process.execPath, [writerProgram, folder, id, String(epochs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    pid: child.pid ?? -1,
    acknowledged: () => Number(/stored (\d+)\n(?!.*stored \d+\n)/s.exec(text)?.[1] ?? 0),
    kill: () => child.kill('SIGKILL'),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

describe('several processes on one history', () => {
  let folder = '';
  let store: OpenStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shared-store-'));
    store = openStore(folder);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  it('write at once without losing an epoch, and each hears of the other', async () => {
    const before = store.runs.dataVersion();
    const writers = ['writer0000a', 'writer0000b'].map((id) => startWriter(folder, id, 60));
    store.runs.createRun(newRun('own000000a'));
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0]);
    expect(store.runs.dataVersion()).not.toBe(before);
    const epochs = store.runs.list(query()).runs.map((run) => [run.id, run.epochsDone]);
    expect(epochs.sort()).toEqual([
      ['own000000a', 0],
      ['writer0000a', 60],
      ['writer0000b', 60],
    ]);
  });

  it('lose nothing acknowledged when one is killed, and find its run crashed', async () => {
    const writer = startWriter(folder, 'writer0000a', 100_000);
    while (writer.acknowledged() < 25) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(store.runs.markCrashed(60_000)).toEqual([]);
    writer.kill();
    await writer.ended;
    const crashed = store.runs.markCrashed(60_000);
    expect(crashed.map((run) => [run.id, run.state])).toEqual([['writer0000a', 'crashed']]);
    expect(crashed[0]?.epochsDone).toBeGreaterThanOrEqual(writer.acknowledged());
    const database = new BetterSqlite3(join(folder, 'history.db'), { readonly: true });
    expect(database.prepare('PRAGMA integrity_check').pluck().get()).toBe('ok');
    database.close();
  });

  it('all see a restored backup', async () => {
    store.runs.createRun(newRun('own000000a'));
    store.runs.setState('own000000a', 'cancelled');
    const backup = await store.createBackup();
    const other = openStore(folder);
    const before = other.runs.dataVersion();
    store.runs.annotate('own000000a', { name: 'Changed' });
    await store.restoreBackup(backup.path);
    expect(other.runs.getSummary('own000000a').name).toBe('Circles');
    expect(other.runs.dataVersion()).not.toBe(before);
    other.close();
  });
});
