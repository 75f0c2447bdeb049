import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import { loadDataset } from '../data/index.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { computeField } from './field.ts';
import { computeHistograms } from './histograms.ts';
import { prepareInspection, type InspectedRun } from './inspected-run.ts';
import { openNet, type OpenNet } from './open-net.ts';
import { computeResults } from './results.ts';

const relu = { kind: 'dense', activation: 'relu' } as const;
const inspected = experiment.parse({
  schemaVersion: 1,
  name: 'opened',
  data: { dataset: 'circles' },
  preprocessing: [{ kind: 'standardise' }],
  model: {
    layers: [{ ...relu, name: 'hidden', units: 6 }, { kind: 'batch-norm' }, { kind: 'dense', units: 2 }],
  },
});

let engine: Engine;
let run: InspectedRun;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
  run = prepareInspection(inspected, 1, await loadDataset(inspected.data, '/nowhere'), null);
});
afterAll(() => engine.dispose());

/** The first weights, changed. */
function open(change: (name: string, values: Float32Array) => void = () => undefined): OpenNet {
  const net = run.net!;
  const state = net.step.state.map((tensor) => ({ ...tensor, values: Float32Array.from(tensor.values) }));
  for (const { name, values } of state) change(name, values);
  return openNet(engine, run, net, state);
}

describe('an open net', () => {
  it('leaves nothing on the engine', async () => {
    const before = engine.memory();
    const net = open();
    await computeResults(net, 'test');
    await computeField(net, 32);
    await computeHistograms(net, 'train');
    net.dispose();
    expect(engine.memory()).toEqual(before);
  });

  it('holds no slots of an optimizer', () => {
    const net = open();
    expect(net.state.map(({ name }) => name)).toEqual([
      'hidden/weight',
      'hidden/bias',
      'batch-norm-2/scale',
      'batch-norm-2/offset',
      'batch-norm-2/runningMean',
      'batch-norm-2/runningVariance',
      'dense-3/weight',
      'dense-3/bias',
    ]);
    net.dispose();
  });

  it('shows units that never answer as dead', async () => {
    // A bias far below whatever the weights add up to.
    const net = open((name, values) => {
      if (name === 'hidden/bias') values.fill(-1_000, 0, 4);
    });
    const [hidden] = await computeHistograms(net, 'train');
    net.dispose();
    expect(hidden!.units).toBe(6);
    expect(hidden!.deadUnits).toBeGreaterThanOrEqual(4);
    expect(hidden!.deadUnits).toBeLessThan(6);
    expect(hidden!.activations.minimum).toBe(0);
  });

  it('is refused where a prediction is not a number', async () => {
    const net = open((name, values) => {
      if (name === 'dense-3/bias') values.fill(NaN);
    });
    await expect(computeResults(net, 'test')).rejects.toMatchObject({ code: 'not-a-number' });
    await expect(computeField(net, 8)).rejects.toMatchObject({ code: 'not-a-number' });
    const layers = await computeHistograms(net, 'test');
    expect(layers.at(-1)!.activations.notFinite).toBe(2 * run.split.test.length);
    net.dispose();
  });
});
