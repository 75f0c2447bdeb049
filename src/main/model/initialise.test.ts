import { describe, expect, it } from 'vitest';
import { openStream } from '../../shared/random/stream.ts';
import { modelSpec, type Initializer } from '../../shared/schema/model.ts';
import { initialiseModel, initialiseVariable } from './initialise.ts';
import { planModel } from './plan.ts';

const FAN_IN = 300;
const FAN_OUT = 100;

function draw(initializer: Initializer): Float32Array {
  const variable = {
    name: 'weight',
    role: 'parameter',
    shape: [FAN_IN, FAN_OUT],
    initializer,
    fanIn: FAN_IN,
    fanOut: FAN_OUT,
  } as const;
  return initialiseVariable(variable, openStream(7, 'init', 'test'));
}

function moments(values: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: Math.sqrt(variance), largest };
}

describe('initialiseVariable', () => {
  // 30,000 draws: the deviation's own standard error is below half a percent.
  it.each([
    ['glorot-uniform', Math.sqrt(2 / 400), Math.sqrt(6 / 400)],
    ['glorot-normal', Math.sqrt(2 / 400), Infinity],
    ['he-uniform', Math.sqrt(2 / 300), Math.sqrt(6 / 300)],
    ['he-normal', Math.sqrt(2 / 300), Infinity],
  ] as const)('draws %s with its spread', (kind, deviation, limit) => {
    const found = moments(draw({ kind }));
    expect(Math.abs(found.mean)).toBeLessThan((4 * deviation) / Math.sqrt(30_000));
    expect(found.deviation / deviation).toBeCloseTo(1, 1.5);
    expect(found.largest).toBeLessThanOrEqual(Math.fround(limit));
    if (kind.endsWith('normal')) expect(found.largest).toBeGreaterThan(3.5 * deviation);
    else expect(found.largest).toBeGreaterThan(0.99 * limit);
  });

  it('draws uniform numbers between the limits', () => {
    const values = draw({ kind: 'uniform', minimum: -0.25, maximum: 0.75 });
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.25);
    expect(Math.max(...values)).toBeLessThanOrEqual(0.75);
    expect(moments(values).mean).toBeCloseTo(0.25, 1.5);
  });

  it('draws normal numbers around the mean', () => {
    const found = moments(draw({ kind: 'normal', mean: 2, standardDeviation: 0.5 }));
    expect(found.mean).toBeCloseTo(2, 1.5);
    expect(found.deviation).toBeCloseTo(0.5, 1.5);
  });

  it('gives zeros', () => {
    expect(draw({ kind: 'zeros' }).every((value) => value === 0)).toBe(true);
  });
});

describe('initialiseModel', () => {
  const head = { kind: 'dense', name: 'head', units: 3 } as const;
  const plan = (layers: object[], inputShape: number[]) => planModel(modelSpec.parse({ layers }), inputShape);

  it('names variables after their layer and lays kernels out as height, width, in, out', () => {
    const layers = [
      { kind: 'conv2d', filters: 4, kernelSize: [3, 5] },
      { kind: 'batch-norm', name: 'norm' },
    ];
    const state = initialiseModel(plan(layers, [8, 8, 2]), 1);
    expect(state.map(({ name, role, shape }) => [name, role, shape])).toEqual([
      ['conv2d-1/weight', 'parameter', [3, 5, 2, 4]],
      ['conv2d-1/bias', 'parameter', [4]],
      ['norm/scale', 'parameter', [4]],
      ['norm/offset', 'parameter', [4]],
      ['norm/runningMean', 'buffer', [4]],
      ['norm/runningVariance', 'buffer', [4]],
    ]);
    expect(state[2]?.values).toEqual(new Float32Array(4).fill(1));
    expect(state[5]?.values).toEqual(new Float32Array(4).fill(1));
  });

  it('uses the fans of a convolution: kernel area times channels', () => {
    const layers = [
      { kind: 'conv2d', filters: 64, kernelSize: 5, weightInitializer: { kind: 'he-uniform' } },
    ];
    const values = initialiseModel(plan(layers, [8, 8, 32]), 1)[0]!.values;
    const limit = Math.sqrt(6 / (5 * 5 * 32));
    const { largest } = moments(values);
    expect(largest).toBeLessThanOrEqual(Math.fround(limit));
    expect(largest).toBeGreaterThan(0.99 * limit);
  });

  it('gives a layer the same numbers wherever it stands', () => {
    const alone = initialiseModel(plan([head], [6]), 11);
    const behind = initialiseModel(plan([{ kind: 'dense', name: 'first', units: 6 }, head], [6]), 11);
    expect(behind[2]?.values).toEqual(alone[0]?.values);
  });

  it('depends on the seed', () => {
    const first = initialiseModel(plan([head], [6]), 1)[0]!.values;
    const second = initialiseModel(plan([head], [6]), 2)[0]!.values;
    expect(first).not.toEqual(second);
    expect(initialiseModel(plan([head], [6]), 1)[0]!.values).toEqual(first);
  });
});
