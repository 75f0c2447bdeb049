import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../../../shared/random/stream.ts';
import { loadDataset } from '../../data/index.ts';
import type { Engine } from '../../engine/engine.ts';
import { openFallbackEngine } from '../../engine/portable/fallback-engine.ts';
import { epochOrder } from '../epoch-order.ts';
import { tinyExperiment } from '../loop-fixture.ts';
import { materialiseRun, prepareRun, type PreparedRun } from '../prepare-run.ts';
import { chainProducts, measureInitialisation, productPoints, signalPoints } from './index.ts';

const products = (size: number, minimum: number, maximum: number, count: number) => ({
  kind: 'chained-products' as const,
  size,
  minimum,
  maximum,
  count,
});

/** The same product in float64. */
function productOf(size: number, factors: number, maximum: number, seed: number): number[] {
  let result: number[] | null = null;
  for (let factor = 1; factor <= factors; factor++) {
    const stream = openStream(seed, 'generator', `factor ${factor}`);
    const next = Array.from({ length: size * size }, () => Math.fround(maximum * stream.nextUniform()));
    const left: number[] | null = result;
    result = next.map((value, at) => {
      if (left === null) return value;
      const [row, column] = [Math.floor(at / size), at % size];
      let sum = 0;
      for (let k = 0; k < size; k++) sum += left[row * size + k]! * next[k * size + column]!;
      return sum;
    });
  }
  return result!;
}

describe('chained products', () => {
  it('are those of float64 while they stay in range', async () => {
    const spreads = await chainProducts(products(7, 0, 0.3, 6), 3);
    expect(spreads).toHaveLength(6);
    spreads.forEach(({ mean, standardDeviation }, i) => {
      const entries = productOf(7, i + 1, 0.3, 3);
      const expected = entries.reduce((sum, value) => sum + value, 0) / 49;
      const variance = entries.reduce((sum, value) => sum + (value - expected) ** 2, 0) / 49;
      expect(mean! / expected).toBeCloseTo(1, 5);
      expect(standardDeviation! / Math.sqrt(variance)).toBeCloseTo(1, 4);
    });
  });

  it('vanish with small entries and overflow with large ones, as a net would find', async () => {
    const small = await chainProducts(products(4, 0, 0.1, 100), 1);
    expect(small.at(-1)).toEqual({ mean: 0, standardDeviation: 0 });
    const large = await chainProducts(products(10, 0, 10, 100), 1);
    expect(large[0]!.mean).toBeCloseTo(5, 0);
    expect(large.at(-1)).toEqual({ mean: null, standardDeviation: null });
    // 50 to the 22nd is below float32's largest number, to the 23rd above.
    const firstNull = large.findIndex(({ mean }) => mean === null);
    expect(firstNull).toBeGreaterThan(18);
    expect(firstNull).toBeLessThan(26);
  });

  it('become points whose step is the number of factors', async () => {
    const spreads = await chainProducts(products(3, -1, 1, 2), 1);
    expect(productPoints(spreads).map(({ metric, step }) => [metric, step])).toEqual([
      ['mean', 1],
      ['standard-deviation', 1],
      ['mean', 2],
      ['standard-deviation', 2],
    ]);
  });

  it('stop between two rows', async () => {
    const slices = { isOver: () => true, next: () => Promise.reject(new Error('stop')) };
    await expect(chainProducts(products(3, 0, 1, 2), 1, slices)).rejects.toThrow('stop');
  });
});

describe('the first weights', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openFallbackEngine('cpu');
  });
  afterAll(() => engine.dispose());

  async function prepare(layers: Parameters<typeof tinyExperiment>[1]): Promise<PreparedRun> {
    const experiment = tinyExperiment({}, layers);
    return materialiseRun(prepareRun(experiment, 5, await loadDataset(experiment.data, '')));
  }

  const model = {
    layers: [
      { kind: 'dense' as const, name: 'hidden', units: 4, activation: 'tanh' as const },
      { kind: 'dense' as const, name: 'head', units: 2 },
    ],
  };

  it('give the signals and gradients that the chain rule gives by hand', async () => {
    const experiment = tinyExperiment({}, { model });
    const dataset = await loadDataset(experiment.data, '');
    const prepared = prepareRun(experiment, 5, dataset);
    const signals = await measureInitialisation(prepared, engine, 16);
    const rows = epochOrder(prepared.split.train, 5, 1).slice(0, 16);
    const weights = new Map(prepared.step.state.map(({ name, values }) => [name, values]));
    const expected = byHand(rows, dataset.train.features.values, dataset.train.targets[0]!, weights);
    expect(signals.map(({ layer }) => layer)).toEqual(['hidden', 'head']);
    signals.forEach(({ activation, gradient }, i) => {
      expect(activation! / expected[i]!.activation).toBeCloseTo(1, 4);
      expect(gradient! / expected[i]!.gradient).toBeCloseTo(1, 4);
    });
  });

  it('are measured through every kind of layer of a training step, and left as they are', async () => {
    const prepared = await prepare({});
    const before = engine.memory().tensors;
    const signals = await measureInitialisation(prepared, engine, 20);
    expect(engine.memory().tensors).toBe(before);
    expect(signals.map(({ layer }) => layer)).toEqual(['hidden', 'norm', 'drop', 'head']);
    for (const { activation, gradient } of signals) {
      expect(activation).toBeGreaterThan(0);
      expect(gradient).toBeGreaterThan(0);
    }
    // Batch norm begins with outputs of mean 0 and variance 1.
    expect(signals[1]!.activation).toBeCloseTo(1, 2);
    expect(await measureInitialisation(prepared, engine, 20)).toEqual(signals);
  });

  it('become points whose step is the position of the layer', () => {
    const points = signalPoints([
      { layer: 'a', activation: 1, gradient: null },
      { layer: 'b', activation: 2, gradient: 3 },
    ]);
    expect(points.map(({ metric, step, value }) => [metric, step, value])).toEqual([
      ['activation-norm', 1, 1],
      ['gradient-norm', 1, null],
      ['activation-norm', 2, 2],
      ['gradient-norm', 2, 3],
    ]);
  });
});

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

/** Forward and backward pass of 2-4-2 with tanh and softmax cross-entropy, in float64. */
function byHand(
  rows: Int32Array,
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ReadonlyMap<string, Float32Array>,
): { activation: number; gradient: number }[] {
  const w1 = weights.get('hidden/weight')!;
  const w2 = weights.get('head/weight')!;
  const [hidden, outputs, hiddenSlopes, outputSlopes]: [number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
  ];
  for (const row of rows) {
    const x = [features[2 * row]!, features[2 * row + 1]!];
    const h = [0, 1, 2, 3].map((unit) => Math.tanh(x[0]! * w1[unit]! + x[1]! * w1[4 + unit]!));
    const z = [0, 1].map((unit) => h.reduce((sum, value, k) => sum + value * w2[2 * k + unit]!, 0));
    const sum = Math.exp(z[0]!) + Math.exp(z[1]!);
    const dz = z.map((value, unit) => (Math.exp(value) / sum - (labels[row] === unit ? 1 : 0)) / rows.length);
    hidden.push(...h);
    outputs.push(...z);
    outputSlopes.push(...dz);
    hiddenSlopes.push(...h.map((_, k) => dz[0]! * w2[2 * k]! + dz[1]! * w2[2 * k + 1]!));
  }
  return [
    { activation: rms(hidden), gradient: rms(hiddenSlopes) },
    { activation: rms(outputs), gradient: rms(outputSlopes) },
  ];
}
