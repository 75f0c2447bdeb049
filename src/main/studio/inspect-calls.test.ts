import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTrainedRun } from '../../../test/fixtures/trained-run.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { maximisationOptions } from '../../shared/schema/inspection.ts';
import { openEngine } from '../engine/index.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { projectRoot } from '../host/paths.ts';
import { builtPrograms } from '../host/programs.ts';
import { Inspector } from '../inspector/inspector.ts';
import { openStore, type OpenStore } from '../store/open-store.ts';
import { newRun } from '../store/store-test-kit.ts';
import { findNet, netOf, placesOf } from './asked-net.ts';
import { createInspectCalls, type InspectCalls } from './inspect-calls.ts';
import { InspectorPool } from './inspector-pool.ts';
import { ResultCache } from './result-cache.ts';
import { createResultCalls, type ResultCalls } from './result-calls.ts';
import { SettingsFile } from './settings-file.ts';
import { EventLog, temporaryHome } from './studio-test-kit.ts';
import { TaskBoard } from './task-board.ts';

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
const events = new EventLog();
const tasks = new TaskBoard(events.publish);
const inspectors = new InspectorPool(realHost);
const refusing = new InspectorPool(noHost);
let store: OpenStore;
let settings: SettingsFile;

const directories = {
  cacheDirectory: join(home.path, 'cache'),
  datasetDirectory: join(home.path, 'datasets'),
};

/** The calls of a studio that has just started, so that nothing is in its memory. */
function connect(pool: InspectorPool = inspectors): InspectCalls & ResultCalls {
  const cache = new ResultCache(store);
  const surroundings = { store, settings, inspectors: pool, cache, tasks, ...directories };
  return { ...createResultCalls(surroundings), ...createInspectCalls(surroundings) };
}

const trained = experiment.parse({
  schemaVersion: 1,
  name: 'Digits',
  data: { dataset: 'mnist', split: { trainLimit: 120, testLimit: 60 } },
  preprocessing: [{ kind: 'standardise' }],
  model: {
    layers: [
      { kind: 'conv2d', name: 'conv', filters: 4, kernelSize: 3, strides: 2, activation: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', name: 'hidden', units: 8, activation: 'tanh' },
      { kind: 'dense', units: 10 },
    ],
  },
  training: { optimizer: { kind: 'adam', learningRate: 0.01 }, batchSize: 20, epochs: 2 },
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

const net = { runId, epoch: 2 };
const input = { kind: 'row', part: 'test', row: 5 } as const;
const options = maximisationOptions.parse({ steps: 4 });
const attribution = { input, classIndex: null, head: null, layer: null };

type Ask = (calls: InspectCalls & ResultCalls) => unknown;

/** Every question whose answer is kept. */
const questions: Record<string, Ask> = {
  results: (calls) => calls['results.get']({ runId, epoch: 2, split: 'test' }),
  histograms: (calls) => calls['results.histograms']({ runId, epoch: 2, split: 'test' }),
  filters: (calls) => calls['inspect.filters']({ net, layer: null }),
  'feature maps': (calls) => calls['inspect.featureMaps']({ net, layer: 'conv', input }),
  saliency: (calls) => calls['inspect.attribution']({ net, ...attribution, method: 'saliency' }),
  'Grad-CAM': (calls) => calls['inspect.attribution']({ net, ...attribution, method: 'grad-cam' }),
  occlusion: (calls) => calls['inspect.attribution']({ net, ...attribution, method: 'occlusion' }),
  patches: (calls) => calls['inspect.patches']({ net, layer: 'conv', unit: 1, split: 'test', count: 4 }),
  embedding: (calls) => calls['inspect.embedding']({ net, split: 'test', layer: null }),
  maximisation: (calls) => calls['inspect.maximise']({ net, layer: 'hidden', unit: 2, options, task: null }),
};

/** The same questions put to a net that is read from its checkpoint now, in this process. */
function recomputed(): Record<string, () => unknown> {
  const surroundings = { store, settings, ...directories };
  const about = { places: placesOf(surroundings), net: netOf(findNet(surroundings, net)) };
  const fresh = new Inspector(openEngine).handlers();
  return {
    results: async () => ({ ...net, split: 'test', heads: await fresh.results({ ...about, split: 'test' }) }),
    histograms: () => fresh.histograms({ ...about, split: 'test' }),
    filters: () => fresh.filters({ ...about, layer: 'conv' }),
    'feature maps': () => fresh.featureMaps({ ...about, layer: 'conv', input }),
    saliency: () => fresh.attribution({ ...about, ...attribution, method: 'saliency' }),
    'Grad-CAM': () => fresh.attribution({ ...about, ...attribution, method: 'grad-cam' }),
    occlusion: () => fresh.attribution({ ...about, ...attribution, method: 'occlusion' }),
    patches: () => fresh.patches({ ...about, layer: 'conv', unit: 1, split: 'test', count: 4 }),
    embedding: () => fresh.embedding({ ...about, split: 'test', layer: null }),
    maximisation: () => fresh.maximise({ ...about, layer: 'hidden', unit: 2, options, task: null }),
  };
}

/** Numbers and texts of a value with the way to each. */
function* leaves(value: unknown, path = ''): Generator<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) yield [path, value];
  else
    for (const key of Object.keys(value).toSorted())
      yield* leaves((value as Record<string, unknown>)[key], `${path}/${key}`);
}

function expectWithin(found: unknown, expected: unknown, tolerance: number): void {
  const right = [...leaves(expected)];
  const left = [...leaves(found)];
  expect(left.map(([path]) => path)).toEqual(right.map(([path]) => path));
  const farthest = right.reduce((most, [, value], i) => {
    const other = left[i]![1];
    if (typeof value === 'number' && typeof other === 'number')
      return Math.max(most, Math.abs(value - other));
    expect(other).toEqual(value);
    return most;
  }, 0);
  expect(farthest).toBeLessThanOrEqual(tolerance);
}

describe('what is kept of a look inside', () => {
  it.each(Object.keys(questions))(
    '%s: read, it is what the checkpoint gives when asked anew',
    async (name) => {
      const ask = questions[name]!;
      const first = await ask(connect());
      const calls = connect(refusing);
      const kept = await ask(calls);
      expect(kept).toEqual(first);
      // From memory now, without a look at the file.
      expect(await ask(calls)).toBe(kept);
      expectWithin(kept, await recomputed()[name]!(), 1e-6);
    },
  );

  it('holds nothing of numbers of the user, which never come again', async () => {
    const folder = store.artifacts.resolve(`runs/${runId}/results`);
    const before = await readdir(folder);
    const values = new Float32Array(28 * 28).fill(128);
    const given = { kind: 'values', values } as const;
    const maps = await connect()['inspect.featureMaps']({ net, layer: 'conv', input: given });
    expect(maps.shape).toEqual([14, 14, 4]);
    await connect()['inspect.attribution']({ net, ...attribution, input: given, method: 'saliency' });
    expect(await readdir(folder)).toEqual(before);
  });

  it('never writes outside of the run, whatever a layer is called', async () => {
    const before = await readdir(store.artifacts.directory, { recursive: true });
    const layer = '../../../elsewhere';
    await expect(connect()['inspect.featureMaps']({ net, layer, input })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await readdir(store.artifacts.directory, { recursive: true })).toEqual(before);
  });
});

describe('a long maximisation', () => {
  const long = maximisationOptions.parse({ steps: 2_000 });

  it('tells how far it is, and ends when it is cancelled', async () => {
    const task = 'maximise conv 0';
    const asked = connect()['inspect.maximise']({ net, layer: 'conv', unit: 0, options: long, task });
    const ended = expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => events.of('task.progress').length, { timeout: 10_000 }).toBeGreaterThan(1);
    tasks.cancel(task);
    await ended;
    const last = events.of('task.progress').at(-1)!;
    expect(last).toMatchObject({ task, total: 2_000, unit: 'steps' });
    expect(last.done).toBeLessThan(2_000);
    expect(last.secondsLeft).toBeGreaterThan(0);
  });
});

describe('a look inside what has no layers', () => {
  it('is refused in words', async () => {
    const lab = experiment.parse({ ...trained, lab: { kind: 'initialisation' } });
    store.runs.createRun(newRun('lab0123456789', { experiment: lab }));
    const ofLab = { net: { runId: 'lab0123456789', epoch: null }, layer: null };
    const ask = async (): Promise<unknown> => connect(refusing)['inspect.filters'](ofLab);
    await expect(ask()).rejects.toMatchObject({ code: 'unsupported' });
    const svm = experiment.parse({
      schemaVersion: 1,
      name: 'Machine',
      data: { dataset: 'circles' },
      svm: { kernel: 'linear' },
    });
    await storeTrainedRun(store, 'svm0123456789', svm, 1);
    const ofMachine = { net: { runId: 'svm0123456789', epoch: null }, layer: null };
    await expect(connect()['inspect.filters'](ofMachine)).rejects.toThrow(
      /support vector machine has no layers/,
    );
  });
});
