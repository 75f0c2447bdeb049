import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import { loadDataset } from '../data/index.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { prepareInspection } from './inspected-run.ts';
import { openNet, type OpenNet } from './open-net.ts';
import { computeProfile } from './profile.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

async function openLine(layers: readonly object[]): Promise<OpenNet> {
  const parsed = experiment.parse({
    schemaVersion: 1,
    name: 'profiled',
    data: { dataset: 'noisy-1d' },
    preprocessing: [{ kind: 'standardise' }],
    model: { layers },
    training: { loss: 'mean-squared-error' },
    evaluation: { metrics: [] },
  });
  const run = prepareInspection(parsed, 2, await loadDataset(parsed.data, '/nowhere'), null);
  return openNet(engine, run, run.net!, run.net!.step.state);
}

const weightsOf = (net: OpenNet, name: string): number[] => [
  ...net.state.find((tensor) => tensor.name === name)!.values,
];

describe('the activation profile', () => {
  it('gives every hidden unit for every input, after activation and normalisation', async () => {
    const net = await openLine([
      { kind: 'dense', name: 'first', units: 5, activation: 'tanh' },
      { kind: 'dropout', rate: 0.2 },
      { kind: 'dense', name: 'second', units: 3 },
      { kind: 'activation', activation: 'relu' },
      { kind: 'dense', name: 'out', units: 1 },
    ]);
    const before = engine.memory();
    const xs = [-4, 0.5, 3];
    const inputs = xs.map((x) => ({ kind: 'values', values: Float32Array.of(x) }) as const);
    const profile = await computeProfile(net, inputs);
    expect(engine.memory()).toEqual(before);
    expect(profile.layers.map(({ layer, units }) => [layer, units])).toEqual([
      ['first', 5],
      ['second', 3],
    ]);
    const { scale, offset } = net.run.preprocessing.toJSON();
    const [w1, b1, w2, b2] = ['first/weight', 'first/bias', 'second/weight', 'second/bias'].map((name) =>
      weightsOf(net, name),
    ) as [number[], number[], number[], number[]];
    xs.forEach((x, i) => {
      const first = b1.map((b, unit) => Math.tanh((x * scale[0]! + offset[0]!) * w1[unit]! + b));
      const second = b2.map((b, unit) =>
        Math.max(
          0,
          first.reduce((sum, value, from) => sum + value * w2[from * 3 + unit]!, b),
        ),
      );
      first.forEach((value, unit) => expect(profile.layers[0]!.values[i * 5 + unit]).toBeCloseTo(value, 5));
      second.forEach((value, unit) => expect(profile.layers[1]!.values[i * 3 + unit]).toBeCloseTo(value, 5));
    });
    net.dispose();
  });

  it('refuses a net whose only dense layer is its answer', async () => {
    const net = await openLine([
      { kind: 'dense', units: 1 },
      { kind: 'activation', activation: 'softplus' },
    ]);
    const asked = computeProfile(net, [{ kind: 'row', part: 'train', row: 0 }]);
    await expect(asked).rejects.toMatchObject({ code: 'unsupported' });
    net.dispose();
  });
});
