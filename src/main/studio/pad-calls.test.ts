import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import { createNodeHost } from '../host/node-host.ts';
import { projectRoot } from '../host/paths.ts';
import { builtPrograms } from '../host/programs.ts';
import { openStore, type OpenStore } from '../store/open-store.ts';
import { InspectorPool } from './inspector-pool.ts';
import { createPadCalls, createPadInspectors, type PadCalls } from './pad-calls.ts';
import { SettingsFile } from './settings-file.ts';
import { temporaryHome } from './studio-test-kit.ts';
import { storeTrainedRun } from '../../../test/fixtures/trained-run.ts';

const root = projectRoot();
/** Inspectors as they stand in the sources. */
const host = createNodeHost({
  programs: { ...builtPrograms(root), inspector: join(root, 'src', 'main', 'inspector', 'main.ts') },
});
const home = temporaryHome();
const inspectors = new InspectorPool(host);
const padInspectors = createPadInspectors(host);
let store: OpenStore;
let calls: PadCalls;

const flatten = { kind: 'flatten' } as const;
const digits = (...layers: readonly object[]) =>
  experiment.parse({
    schemaVersion: 1,
    name: 'Digits',
    data: { dataset: 'mnist', split: { trainLimit: 64, testLimit: 32 } },
    preprocessing: [{ kind: 'unit-scale' }],
    model: { layers: [...layers, flatten, { kind: 'dense', name: 'out', units: 10 }] },
    training: { batchSize: 32, epochs: 2 },
  });
const [plain, convolved] = ['run0000plain', 'run0000conv'];

beforeAll(async () => {
  store = openStore(home.path);
  const settings = new SettingsFile(join(home.path, 'settings.json'));
  await settings.set({ ...settings.get(), engine: { choice: 'cpu', threads: null, device: 'auto' } });
  await storeTrainedRun(store, plain, digits(), 2);
  const conv = { kind: 'conv2d', name: 'conv', filters: 3, kernelSize: 3, strides: 2, activation: 'relu' };
  await storeTrainedRun(store, convolved, digits(conv), 2);
  calls = createPadCalls({
    store,
    settings,
    inspectors,
    padInspectors,
    cacheDirectory: join(home.path, 'cache'),
    datasetDirectory: join(home.path, 'datasets'),
  });
});
afterAll(() => {
  inspectors.close();
  padInspectors.close();
  store.close();
  home.remove();
});

const net = (runId: string, epoch: number | null = null) => ({ runId, epoch });

describe('the calls of the drawing pad', () => {
  const drawing = Float32Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));

  it('give all answers of several nets in their order, from one process of their own', async () => {
    const nets = [
      { net: net(convolved), layer: 'conv' },
      { net: net(plain, 1), layer: null },
      { net: net(plain, 0), layer: null },
    ];
    const answers = await calls['pad.answer']({ nets, values: drawing });
    expect(answers.map(({ runId, epoch }) => [runId, epoch])).toEqual([
      [convolved, 2],
      [plain, 1],
      [plain, 0],
    ]);
    expect(answers.map(({ maps }) => maps?.shape)).toEqual([[14, 14, 3], undefined, undefined]);
    const [, trained, untrained] = answers.map(({ heads }) => heads[0]!.probabilities);
    expect(trained).not.toEqual(untrained);
    const pids = padInspectors.pids;
    const many = [plain, convolved].map(async (runId) =>
      calls['pad.answer']({ nets: [{ net: net(runId), layer: null }], values: drawing }),
    );
    await Promise.all(many);
    expect([pids.length, padInspectors.pids, inspectors.pids]).toEqual([1, pids, []]);
  });

  it('say which run is at fault, and refuse one that is not there', async () => {
    const gone = [{ net: net(convolved), layer: 'gone' }];
    const asked = async () => calls['pad.answer']({ nets: gone, values: drawing });
    await expect(asked()).rejects.toMatchObject({ code: 'not-found', details: { runId: convolved } });
    const unknown = async () =>
      calls['pad.answer']({ nets: [{ net: net('run0000gone'), layer: null }], values: drawing });
    await expect(unknown()).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the calls about one input', () => {
  const input = { kind: 'row', part: 'test', row: 3 } as const;

  it('walk through a unit', async () => {
    const about = { layer: 'conv', unit: 2, row: 5, column: 6, input };
    const steps = await calls['inspect.unit']({ net: net(convolved), ...about });
    expect(steps.map(({ kind }) => kind)).toEqual(['convolution', 'activation']);
    expect(steps[0]).toMatchObject({ from: 'input', box: { top: 10, left: 12, bottom: 13, right: 15 } });
  });

  it('refuse a profile of a net without hidden dense layers', async () => {
    const asked = async () => calls['inspect.profile']({ net: net(plain), inputs: [input] });
    await expect(asked()).rejects.toMatchObject({ code: 'unsupported' });
  });
});
