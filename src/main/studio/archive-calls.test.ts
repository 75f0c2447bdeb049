import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Artifact } from '../../shared/schema/artifact.ts';
import { openStore, type OpenStore } from '../store/open-store.ts';
import { epochRecord, newRun, sampleProvenance } from '../store/store-test-kit.ts';
import { zipFiles } from '../report/zip.ts';
import { foldOf, newStudy } from '../store/study-test-kit.ts';
import { createArchiveCalls, type ArchiveCalls } from './archive-calls.ts';

const A = 'run000000a';
const B = 'run000000b';
const S = 'sstudy0000a';

interface Side {
  readonly store: OpenStore;
  readonly calls: ArchiveCalls;
  readonly publish: ReturnType<typeof vi.fn>;
  readonly home: string;
}

function openSide(): Side {
  const home = mkdtempSync(join(tmpdir(), 'archive-test-'));
  const store = openStore(home);
  const publish = vi.fn();
  return { store, publish, home, calls: createArchiveCalls(store, { appVersion: '0.1.0', publish }) };
}

let from: Side;
let to: Side;
beforeEach(() => {
  from = openSide();
  to = openSide();
});
afterEach(() => {
  for (const side of [from, to]) {
    side.store.close();
    rmSync(side.home, { recursive: true });
  }
});

/** A finished run of three epochs, the second one best, each with a file. */
async function makeRun(id: string): Promise<void> {
  const { runs, artifacts } = from.store;
  runs.createRun(newRun(id));
  runs.setState(id, 'running');
  runs.setProvenance(id, sampleProvenance);
  for (const epoch of [1, 2, 3]) {
    const bytes = Buffer.from(`weights of ${id} after ${epoch}`);
    const checkpoint = await artifacts.write('checkpoint', `runs/${id}/epoch-${epoch}.checkpoint`, bytes);
    const record = epochRecord(id, epoch, 1 / epoch, epoch === 2);
    runs.appendEpoch(id, { ...record, epoch: { ...record.epoch, checkpoint } });
  }
  runs.setState(id, 'finished');
}

/** A paused study: one trial finished, one waiting; its test part was opened by runs. */
function makeStudy(runIds: string[]): void {
  const { studies } = from.store;
  studies.createStudy(newStudy(S));
  studies.addTrials(S, [
    { number: 0, point: { rate: 0.1 } },
    { number: 1, point: { rate: 0.2 } },
  ]);
  studies.addFolds(S, [
    { trial: 0, result: foldOf(0, 0.5) },
    { trial: 0, result: foldOf(1, 0.3) },
  ]);
  studies.addOpening(S, { at: '2026-01-01T00:00:00.000Z', trial: 0, runIds });
  studies.setState(S, 'paused', { durationMs: 1_234 });
}

const params = (
  runIds: string[],
  checkpoints: 'all' | 'best-and-last' = 'all',
  path: string | null = null,
  studyIds: string[] = [],
) => ({
  runIds,
  studyIds,
  checkpoints,
  path,
});

async function carry(runIds: string[], checkpoints: 'all' | 'best-and-last' = 'all'): Promise<string> {
  const path = join(from.home, 'runs.zip');
  await from.calls['runs.exportArchive'](params(runIds, checkpoints, path));
  return path;
}

describe('an archive of runs', () => {
  it('brings everything to another studio, files included, and only once', async () => {
    await makeRun(A);
    await makeRun(B);
    const path = await carry([A, B]);
    expect(await to.calls['runs.importArchive']({ path })).toEqual({
      runIds: [A, B],
      studyIds: [],
      skipped: [],
    });
    expect(to.store.runs.getDetail(A)).toEqual(from.store.runs.getDetail(A));
    const { checkpoint } = to.store.runs.getDetail(B).epochs[1]!;
    expect(Buffer.from(await to.store.artifacts.read(checkpoint!)).toString()).toBe(
      `weights of ${B} after 2`,
    );
    expect(to.publish.mock.calls).toEqual([['runs.invalidated', {}]]);
    expect(await to.calls['runs.importArchive']({ path })).toEqual({
      runIds: [],
      studyIds: [],
      skipped: [A, B],
    });
  });

  it('leaves out checkpoints that are neither the best nor the last', async () => {
    await makeRun(A);
    await to.calls['runs.importArchive']({ path: await carry([A], 'best-and-last') });
    const kept = to.store.runs.getDetail(A).epochs.map(({ checkpoint }) => checkpoint !== null);
    expect(kept).toEqual([false, true, true]);
  });

  it('comes as bytes for a window, the same each time', async () => {
    await makeRun(A);
    const first = await from.calls['runs.exportArchive'](params([A]));
    const second = await from.calls['runs.exportArchive'](params([A]));
    expect(first.file).toMatchObject({ name: `run-${A}.zip`, mediaType: 'application/zip' });
    expect(first.sizeBytes).toBe(first.file?.bytes.length);
    expect(first.file?.bytes).toEqual(second.file?.bytes);
  });

  it('is not made of a run that still lives, nor of one whose file is damaged', async () => {
    from.store.runs.createRun(newRun(A));
    await expect(from.calls['runs.exportArchive'](params([A]))).rejects.toMatchObject({ code: 'conflict' });
    await makeRun(B);
    writeFileSync(join(from.store.artifacts.directory, `runs/${B}/epoch-2.checkpoint`), 'other');
    const path = join(from.home, 'runs.zip');
    await expect(from.calls['runs.exportArchive'](params([B], 'all', path))).rejects.toMatchObject({
      code: 'data-damaged',
    });
    expect(readdirSync(from.home).filter((name) => name.startsWith('runs.zip'))).toEqual([]);
  });

  it('brings a study with its trials and the runs that opened its test part, and only once', async () => {
    await makeRun(A);
    makeStudy([A, 'run0000gone']);
    const path = join(from.home, 'study.zip');
    await from.calls['runs.exportArchive'](params([], 'best-and-last', path, [S]));
    expect(await to.calls['runs.importArchive']({ path })).toEqual({
      runIds: [A],
      studyIds: [S],
      skipped: [],
    });
    expect(to.store.studies.getDetail(S)).toEqual(from.store.studies.getDetail(S));
    expect(to.store.studies.trials(S, 0, 10)).toEqual(from.store.studies.trials(S, 0, 10));
    expect(to.store.studies.folds(S, null)).toEqual(from.store.studies.folds(S, null));
    expect(to.store.runs.getSummary(A).state).toBe('finished');
    expect(to.publish.mock.calls).toEqual([['runs.invalidated', {}]]);
    expect(await to.calls['runs.importArchive']({ path })).toMatchObject({ studyIds: [], skipped: [A, S] });
    const { file } = await from.calls['runs.exportArchive'](params([], 'all', null, [S]));
    expect(file?.name).toBe(`study-${S}.zip`);
  });

  it('is not made of a study that is worked on, nor of nothing', async () => {
    from.store.studies.createStudy(newStudy(S));
    const ofStudy = from.calls['runs.exportArchive'](params([], 'all', null, [S]));
    await expect(ofStudy).rejects.toThrow(/study sstudy0000a is running; pause it/);
    await expect(from.calls['runs.exportArchive'](params([]))).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('that was cut off is refused and leaves nothing behind', async () => {
    await makeRun(A);
    const path = await carry([A]);
    const bytes = readFileSync(path);
    for (const length of [0, 10, Math.floor(bytes.length / 2), bytes.length - 3]) {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(to.calls['runs.importArchive']({ path })).rejects.toMatchObject({ code: 'data-damaged' });
    }
    expect(existsSync(join(to.store.artifacts.directory, `runs/${A}`))).toBe(false);
    await expect(to.calls['runs.importArchive']({ path: `${path}.none` })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('that names a file of another run, or other bytes, is refused and leaves nothing behind', async () => {
    await makeRun(A);
    const detail = from.store.runs.getDetail(A);
    const forge = async (change: Partial<Artifact>, bytes: string): Promise<string> => {
      const content = Buffer.from(bytes);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const { checkpoint } = detail.epochs[0]!;
      const forged: Artifact = { ...checkpoint!, sha256, sizeBytes: content.length, ...change };
      const epochs = [{ ...detail.epochs[0]!, checkpoint: forged }];
      const summary = { ...detail.summary, epochsDone: 1 };
      const manifest = {
        format: 'epoch-studio-runs',
        version: 1,
        appVersion: '0.1.0',
        runs: [{ ...detail, summary, epochs }],
      };
      const path = join(from.home, 'forged.zip');
      const files = [
        { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) },
        { name: `artifacts/${forged.path}`, bytes: content },
      ];
      writeFileSync(path, await zipFiles(files.filter(({ name }) => !name.includes('..'))));
      return path;
    };
    for (const path of [
      await forge({ path: `runs/${B}/epoch-1.checkpoint` }, 'x'),
      await forge({ path: `runs/${A}/../../../escape` }, 'x'),
      await forge({ sha256: '0'.repeat(64) }, 'x'),
    ]) {
      await expect(to.calls['runs.importArchive']({ path })).rejects.toMatchObject({ code: 'data-damaged' });
    }
    expect(existsSync(join(to.home, 'escape'))).toBe(false);
    expect(existsSync(join(to.store.artifacts.directory, `runs/${A}`))).toBe(false);
    expect(() => to.store.runs.getSummary(A)).toThrow();
  });
});
