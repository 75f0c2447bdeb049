import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTrainedRun } from '../../../test/fixtures/trained-run.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import type { RunResults } from '../../shared/schema/results.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { projectRoot } from '../host/paths.ts';
import { builtPrograms } from '../host/programs.ts';
import { openStore, type OpenStore } from '../store/open-store.ts';
import { newRun } from '../store/store-test-kit.ts';
import { InspectorPool } from './inspector-pool.ts';
import { ResultCache } from './result-cache.ts';
import { createResultCalls, type ResultCalls } from './result-calls.ts';
import { SettingsFile } from './settings-file.ts';
import { temporaryHome } from './studio-test-kit.ts';

const root = projectRoot();
/** Inspectors as they stand in the sources. */
const realHost = createNodeHost({
  programs: { ...builtPrograms(root), inspector: join(root, 'src', 'main', 'inspector', 'main.ts') },
});
/** For what must come without anything being computed. */
const noHost: Host = {
  kind: 'node-child',
  launch() {
    throw new Error('nothing may be computed here');
  },
};

const home = temporaryHome();
const runId = 'run0123456789';
let store: OpenStore;
let settings: SettingsFile;
const inspectors = new InspectorPool(realHost);
const refusing = new InspectorPool(noHost);

/** The calls of a studio that has just started, so that nothing is in its memory. */
function connect(pool: InspectorPool = inspectors): ResultCalls {
  const directories = {
    cacheDirectory: join(home.path, 'cache'),
    datasetDirectory: join(home.path, 'datasets'),
  };
  return createResultCalls({
    store,
    settings,
    inspectors: pool,
    cache: new ResultCache(store),
    ...directories,
  });
}

const trained = experiment.parse({
  schemaVersion: 1,
  name: 'Rings',
  data: { dataset: 'circles' },
  preprocessing: [{ kind: 'standardise' }],
  model: {
    layers: [
      { kind: 'dense', units: 8, activation: 'tanh' },
      { kind: 'dense', units: 2 },
    ],
  },
  training: { optimizer: { kind: 'adam', learningRate: 0.02 }, batchSize: 20, epochs: 3 },
});

beforeAll(async () => {
  store = openStore(home.path);
  settings = new SettingsFile(join(home.path, 'settings.json'));
  await settings.set({ ...settings.get(), engine: { choice: 'cpu', threads: null, device: 'auto' } });
  await storeTrainedRun(store, runId, trained, 6);
});
afterAll(() => {
  inspectors.close();
  store.close();
  home.remove();
});

function accuracyOf({ heads }: RunResults): number {
  const result = heads[0]!.result;
  return result.kind === 'classification' ? result.accuracy : NaN;
}

async function get(calls: ResultCalls, epoch: number, split: SplitName): Promise<RunResults> {
  return calls['results.get']({ runId, epoch, split });
}

const resultFile = (name: string): string => store.artifacts.resolve(`runs/${runId}/results/${name}.result`);

describe('results of a stored run', () => {
  it('are computed once, and then read', async () => {
    const first = await connect()['results.get']({ runId, epoch: null, split: 'test' });
    expect(first).toMatchObject({ runId, epoch: 3, split: 'test' });
    expect(accuracyOf(first)).toBeCloseTo(store.runs.getSummary(runId).headline.testAccuracy!, 6);
    const calls = connect(refusing);
    const second = await get(calls, 3, 'test');
    expect(second).toEqual(first);
    // From memory now, without a look at the file.
    expect(await get(calls, 3, 'test')).toBe(second);
  });

  it('are computed once for all who ask at the same time', async () => {
    const calls = connect();
    const asked = [1, 2, 3].map(() => get(calls, 2, 'dev'));
    const [first, ...others] = await Promise.all(asked);
    for (const other of others) expect(other).toBe(first);
    expect(inspectors.pids).toHaveLength(1);
  });

  it('are computed again where their file is damaged', async () => {
    const calls = connect();
    const field = await calls['results.field']({ runId, epoch: 1, side: 9 });
    const path = resultFile('field-000001-9');
    const whole = await readFile(path);
    for (const damage of [whole.subarray(0, 60), Buffer.from(whole).fill(7, 100, 101), Buffer.from('x')]) {
      await writeFile(path, damage);
      expect(await connect()['results.field']({ runId, epoch: 1, side: 9 })).toEqual(field);
      expect(Buffer.compare(await readFile(path), whole)).toBe(0);
    }
  });

  it('come although an inspector is killed at work', async () => {
    const calls = connect();
    const asked = calls['results.field']({ runId, epoch: 3, side: 512 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [pid] = inspectors.pids;
    process.kill(pid!, 'SIGKILL');
    expect((await asked).kind).toBe('plane');
    expect(inspectors.pids).not.toContain(pid);
    expect(await calls['results.histograms']({ runId, epoch: 3, split: 'train' })).toHaveLength(2);
  });

  it('stay although the checkpoint they came from was not kept; new ones say so', async () => {
    const calls = connect();
    const known = [await get(calls, 1, 'test'), await get(calls, 2, 'test')];
    await store.artifacts.remove(store.runs.releaseCheckpoints(runId));
    // Of the epochs before the last only the best one's checkpoint is kept.
    const gone = store.runs.getDetail(runId).epochs.find(({ checkpoint }) => checkpoint === null)!.epoch;
    expect(await get(calls, gone, 'test')).toBe(known[gone - 1]);
    await expect(get(calls, gone, 'train')).rejects.toMatchObject({
      code: 'not-found',
      details: { epoch: gone },
    });
  });

  it('are refused for an epoch to come and for a run that measures', async () => {
    const calls = connect(refusing);
    await expect(get(calls, 9, 'test')).rejects.toMatchObject({
      code: 'not-found',
    });
    const lab = experiment.parse({ ...trained, lab: { kind: 'initialisation' } });
    store.runs.createRun(newRun('lab0123456789', { experiment: lab }));
    const asked = async (): Promise<unknown> =>
      calls['results.get']({ runId: 'lab0123456789', epoch: null, split: 'test' });
    await expect(asked()).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('go with the run', async () => {
    const path = resultFile('results-000003-test');
    expect(existsSync(path)).toBe(true);
    await store.artifacts.removeRun(runId);
    expect(existsSync(path)).toBe(false);
  });
});

describe('the preview of a batch', () => {
  it('comes from an inspector process', async () => {
    const preview = await connect()['experiments.previewBatch']({
      experiment: trained,
      seed: 6,
      examples: 4,
    });
    expect([preview.shape, preview.rows.length, preview.values.length]).toEqual([[2], 4, 8]);
  });
});
