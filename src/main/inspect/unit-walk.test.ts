import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnitWalk } from '../../shared/schema/inspection.ts';
import { experiment, type Experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import { openStream } from '../../shared/random/stream.ts';
import { loadDataset } from '../data/index.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { prepareInspection } from './inspected-run.ts';
import { openNet, type OpenNet } from './open-net.ts';
import { walkUnit } from './unit-walk.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

const open: OpenNet[] = [];
afterAll(() => open.forEach((net) => net.dispose()));

type Layers = NonNullable<ExperimentInput['model']>['layers'];

/** A net over MNIST whose weights are all random, running statistics included. */
async function netOf(layers: Layers, change: Partial<ExperimentInput> = {}): Promise<OpenNet> {
  const parsed: Experiment = experiment.parse({
    schemaVersion: 1,
    name: 'walked',
    data: { dataset: 'mnist', split: { trainLimit: 40, testLimit: 20 } },
    preprocessing: [{ kind: 'unit-scale' }],
    model: { layers },
    ...change,
  });
  const dataset = await loadDataset(parsed.data, '/nowhere');
  const run = prepareInspection(parsed, 3, dataset, null);
  const stream = openStream(5, 'init', 'walk');
  const state = run.net!.step.state.map((tensor) => ({
    ...tensor,
    values: tensor.values.map(() =>
      tensor.name.endsWith('runningVariance') ? 0.5 + stream.nextUniform() : 0.4 * stream.nextNormal(),
    ),
  }));
  const net = openNet(engine, run, run.net!, state);
  open.push(net);
  return net;
}

/** A map of numbers, [height, width, channels]; what lies outside of it is `outside`. */
interface Map64 {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  at(row: number, column: number, channel: number): number;
}

function map64(height: number, width: number, channels: number, at: Map64['at']): Map64 {
  const values = new Float64Array(height * width * channels);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let channel = 0; channel < channels; channel++)
        values[(row * width + column) * channels + channel] = at(row, column, channel);
  return { height, width, channels, at: (r, c, k) => values[(r * width + c) * channels + k]! };
}

/** The image of a row of MNIST's test part between 0 and 1, read past the inspection. */
function imageOf(net: OpenNet, row: number): Map64 {
  const { values } = net.run.dataset.test.features;
  return map64(28, 28, 1, (r, c) => values[row * 784 + r * 28 + c]! / 255);
}

function weights(net: OpenNet, name: string): Float32Array {
  return net.state.find((tensor) => tensor.name === name)!.values;
}

interface Slide {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly same: boolean;
}

/** First row (or column) of a window over `n`, and how many windows there are, as TensorFlow counts. */
function windows(
  n: number,
  side: 0 | 1,
  { size, stride, dilation, same }: Slide,
): { count: number; before: number } {
  const extent = (size[side] - 1) * dilation[side] + 1;
  const count = Math.ceil((same ? n : n - extent + 1) / stride[side]);
  const total = same ? Math.max(0, (count - 1) * stride[side] + extent - n) : 0;
  return { count, before: Math.floor(total / 2) };
}

/** A convolution in float64, written out. */
function convolve(x: Map64, kernel: Float32Array, bias: Float32Array, filters: number, slide: Slide): Map64 {
  const [down, across] = [windows(x.height, 0, slide), windows(x.width, 1, slide)];
  return map64(down.count, across.count, filters, (row, column, filter) => {
    let sum = bias[filter]!;
    for (let i = 0; i < slide.size[0]; i++) {
      for (let j = 0; j < slide.size[1]; j++) {
        const r = row * slide.stride[0] - down.before + i * slide.dilation[0];
        const c = column * slide.stride[1] - across.before + j * slide.dilation[1];
        if (r < 0 || c < 0 || r >= x.height || c >= x.width) continue;
        for (let k = 0; k < x.channels; k++)
          sum += x.at(r, c, k) * kernel[((i * slide.size[1] + j) * x.channels + k) * filters + filter]!;
      }
    }
    return sum;
  });
}

function each(x: Map64, f: (value: number, channel: number) => number): Map64 {
  return map64(x.height, x.width, x.channels, (r, c, k) => f(x.at(r, c, k), k));
}

function pool(x: Map64, slide: Slide, reduce: (values: number[]) => number): Map64 {
  const [down, across] = [windows(x.height, 0, slide), windows(x.width, 1, slide)];
  return map64(down.count, across.count, x.channels, (row, column, k) => {
    const found: number[] = [];
    for (let i = 0; i < slide.size[0]; i++) {
      for (let j = 0; j < slide.size[1]; j++) {
        const r = row * slide.stride[0] - down.before + i;
        const c = column * slide.stride[1] - across.before + j;
        if (r >= 0 && c >= 0 && r < x.height && c < x.width) found.push(x.at(r, c, k));
      }
    }
    return reduce(found);
  });
}

const largest = (values: number[]): number => Math.max(...values);
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function dense(inputs: readonly number[], matrix: Float32Array, bias: Float32Array): number[] {
  const units = bias.length;
  return [...bias].map((b, unit) => inputs.reduce((sum, x, i) => sum + x * matrix[i * units + unit]!, b));
}

const row = 7;
const input = { kind: 'row', part: 'test', row } as const;

function resultOf(steps: readonly UnitWalk[], kind: UnitWalk['kind']): number {
  const step = steps.find((candidate) => candidate.kind === kind);
  if (step === undefined || step.kind === 'softmax') throw new Error(`the walk has no ${kind}`);
  return step.result;
}

/** Both halves of the same sum in float64 of float32 inputs. */
function expectNear(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
}

describe('the walk through a unit, beside the whole net computed in float64', () => {
  const layers: Layers = [
    {
      kind: 'conv2d',
      name: 'first',
      filters: 3,
      kernelSize: [3, 5],
      strides: [2, 1],
      activation: 'leaky-relu',
    },
    { kind: 'batch-norm', name: 'norm' },
    { kind: 'max-pool2d', name: 'pool', poolSize: 3, strides: 2, padding: 'same' },
    {
      kind: 'conv2d',
      name: 'second',
      filters: 4,
      kernelSize: 3,
      dilation: 2,
      padding: 'valid',
      activation: 'tanh',
    },
    { kind: 'average-pool2d', name: 'mean', poolSize: 2, padding: 'same' },
    { kind: 'dropout', name: 'drop', rate: 0.3 },
    { kind: 'flatten', name: 'flat' },
    { kind: 'dense', name: 'hidden', units: 6, activation: 'elu' },
    { kind: 'dense', name: 'out', units: 10 },
  ];
  const slides = {
    first: { size: [3, 5], stride: [2, 1], dilation: [1, 1], same: true },
    pool: { size: [3, 3], stride: [2, 2], dilation: [1, 1], same: true },
    second: { size: [3, 3], stride: [1, 1], dilation: [2, 2], same: false },
    mean: { size: [2, 2], stride: [2, 2], dilation: [1, 1], same: true },
  } as const satisfies Record<string, Slide>;
  let net: OpenNet;
  const truth: Record<string, Map64> = {};
  let flat: number[];
  let sums: { hidden: number[]; out: number[] };

  beforeAll(async () => {
    net = await netOf(layers);
    const of = (name: string): Float32Array => weights(net, name);
    truth['firstSum'] = convolve(imageOf(net, row), of('first/weight'), of('first/bias'), 3, slides.first);
    truth['first'] = each(truth['firstSum'], (x) => (x < 0 ? 0.01 * x : x));
    truth['norm'] = each(
      truth['first'],
      (x, k) =>
        ((x - of('norm/runningMean')[k]!) / Math.sqrt(of('norm/runningVariance')[k]! + 1e-5)) *
          of('norm/scale')[k]! +
        of('norm/offset')[k]!,
    );
    truth['pool'] = pool(truth['norm'], slides.pool, largest);
    truth['secondSum'] = convolve(truth['pool'], of('second/weight'), of('second/bias'), 4, slides.second);
    truth['second'] = each(truth['secondSum'], Math.tanh);
    truth['mean'] = pool(truth['second'], slides.mean, mean);
    const { height, width, channels, at } = truth['mean'];
    flat = Array.from({ length: height * width * channels }, (_, i) =>
      at(Math.floor(i / channels / width), Math.floor(i / channels) % width, i % channels),
    );
    const hidden = dense(flat, of('hidden/weight'), of('hidden/bias'));
    const active = hidden.map((x) => (x < 0 ? Math.expm1(x) : x));
    sums = { hidden, out: dense(active, of('out/weight'), of('out/bias')) };
  });

  /** Corners, where padding is, and a place inside. */
  function placesOf({ height, width, channels }: Map64): { unit: number; row: number; column: number }[] {
    return [
      { unit: 0, row: 0, column: 0 },
      { unit: channels - 1, row: height - 1, column: width - 1 },
      { unit: 1, row: Math.floor(height / 2), column: Math.floor(width / 3) },
    ];
  }

  const at = (map: string, place: { unit: number; row: number; column: number }): number =>
    truth[map]!.at(place.row, place.column, place.unit);

  it.each([
    ['first', 'convolution', 'firstSum'],
    ['first', 'activation', 'first'],
    ['norm', 'normalisation', 'norm'],
    ['pool', 'pool', 'pool'],
    ['second', 'convolution', 'secondSum'],
    ['second', 'activation', 'second'],
    ['mean', 'pool', 'mean'],
    ['drop', 'pass', 'mean'],
  ] as const)('layer %s: its %s comes to the same numbers', async (layer, kind, map) => {
    for (const place of placesOf(truth[map]!)) {
      const steps = await walkUnit(net, { layer, ...place, input });
      expectNear(resultOf(steps, kind), at(map, place));
    }
  });

  it('builds a convolution up of patch, kernel, channels and bias', async () => {
    for (const place of placesOf(truth['secondSum']!)) {
      const [step] = await walkUnit(net, { layer: 'second', ...place, input });
      if (step?.kind !== 'convolution') throw new Error('expected a convolution');
      expect(step.shape).toEqual([3, 3, 3]);
      step.perChannel.forEach((sum, channel) => {
        let expected = 0;
        for (let i = channel; i < 27; i += 3) expected += step.patch[i]! * step.kernel[i]!;
        expectNear(sum, expected);
      });
      expectNear(step.perChannel.reduce((a, b) => a + b, 0) + step.bias, step.result);
      // The patch is what the layer below gives under the taps, two places apart.
      step.patch.forEach((value, i) => {
        const [tap, channel] = [Math.floor(i / 3), i % 3];
        const [r, c] = [place.row + 2 * Math.floor(tap / 3), place.column + 2 * (tap % 3)];
        expectNear(value, truth['pool']!.at(r, c, channel));
      });
      expect(step.window).toEqual({
        top: place.row,
        left: place.column,
        bottom: place.row + 5,
        right: place.column + 5,
      });
    }
  });

  it('marks what a pool counts and what lies outside of the map', async () => {
    const [step] = await walkUnit(net, { layer: 'pool', unit: 0, row: 6, column: 13, input });
    if (step?.kind !== 'pool') throw new Error('expected a pool');
    const outside = step.patch.filter((value) => Number.isNaN(value)).length;
    expect([step.mode, step.shape, outside]).toEqual(['max', [3, 3], 5]);
  });

  it('sums a dense unit up, hands numbers on from their place, and reads logits as probabilities', async () => {
    const [hidden, elu] = await walkUnit(net, { layer: 'hidden', unit: 2, row: 0, column: 0, input });
    if (hidden?.kind !== 'dense' || elu?.kind !== 'activation') throw new Error('expected dense and elu');
    expectNear(hidden.result, sums.hidden[2]!);
    expect(hidden.inputs.length).toBe(flat.length);
    hidden.inputs.forEach((value, i) => expectNear(value, flat[i]!));

    const [pass] = await walkUnit(net, { layer: 'flat', unit: 9, row: 0, column: 0, input });
    const { width, channels } = truth['mean']!;
    const place = {
      unit: 9 % channels,
      row: Math.floor(9 / channels / width),
      column: Math.floor(9 / channels) % width,
    };
    expect(pass).toMatchObject({ kind: 'pass', from: 'drop', ...place });
    expectNear(resultOf([pass!], 'pass'), at('mean', place));

    const steps = await walkUnit(net, { layer: 'out', unit: 3, row: 0, column: 0, input });
    const softmax = steps.at(-1)!;
    if (softmax.kind !== 'softmax') throw new Error('expected a softmax');
    const total = sums.out.reduce((sum, logit) => sum + Math.exp(logit), 0);
    expect([steps.length, softmax.unit]).toEqual([2, 3]);
    softmax.probabilities.forEach((share, i) => expectNear(share, Math.exp(sums.out[i]!) / total));
    softmax.logits.forEach((logit, i) => expectNear(logit, sums.out[i]!));
  });

  it('leaves nothing on the engine', async () => {
    const before = engine.memory();
    await walkUnit(net, { layer: 'out', unit: 0, row: 0, column: 0, input });
    await walkUnit(net, { layer: 'first', unit: 0, row: 3, column: 3, input });
    expect(engine.memory()).toEqual(before);
  });
});

describe('the walk through joined layers', () => {
  const conv = { kind: 'conv2d', kernelSize: 3, filters: 2 } as const;
  let net: OpenNet;
  beforeAll(async () => {
    net = await netOf(
      [
        { ...conv, name: 'left', inputs: ['input'] },
        { ...conv, name: 'right', inputs: ['input'] },
        { kind: 'add', name: 'both', inputs: ['left', 'right'] },
        { kind: 'activation', name: 'soft', activation: 'softplus', negativeSlope: 0 },
        { kind: 'concatenate', name: 'joined', inputs: ['soft', 'left'] },
        { kind: 'global-max-pool2d', name: 'top' },
        { kind: 'dense', name: 'out', units: 10, activation: 'softmax' },
      ],
      { training: { loss: 'mean-squared-error' } },
    );
  });

  const walk = (layer: string, unit: number, at: readonly [number, number] = [5, 9]) =>
    walkUnit(net, { layer, unit, row: at[0], column: at[1], input });

  it('adds them at the same place', async () => {
    const [sum] = await walk('both', 1);
    const terms = [
      resultOf(await walk('left', 1), 'convolution'),
      resultOf(await walk('right', 1), 'convolution'),
    ];
    expect(sum).toMatchObject({ kind: 'sum', terms: [{ from: 'left' }, { from: 'right' }] });
    expectNear(resultOf([sum!], 'sum'), terms[0]! + terms[1]!);
    const soft = resultOf(await walk('soft', 1), 'activation');
    expectNear(soft, Math.log1p(Math.exp(terms[0]! + terms[1]!)));
  });

  it('finds a joined unit in the layer it is from', async () => {
    expect((await walk('joined', 1))[0]).toMatchObject({
      kind: 'pass',
      from: 'soft',
      unit: 1,
      row: 5,
      column: 9,
    });
    expect((await walk('joined', 3))[0]).toMatchObject({
      kind: 'pass',
      from: 'left',
      unit: 1,
      row: 5,
      column: 9,
    });
  });

  it('pools a whole map, and shows a softmax that the net itself applies only once', async () => {
    const [pooled] = await walk('top', 2, [0, 0]);
    if (pooled?.kind !== 'pool') throw new Error('expected a pool');
    // The convolutions before it see one pixel of padding on each side.
    expect([pooled.shape, pooled.box]).toEqual([[28, 28], { top: -1, left: -1, bottom: 29, right: 29 }]);
    expectNear(pooled.result, Math.max(...pooled.patch));
    expect((await walk('out', 4, [0, 0])).map(({ kind }) => kind)).toEqual(['dense', 'softmax']);
  });
});

describe('the walk through a unit', () => {
  it('shows the sigmoid that reads the one output of a two-class net', async () => {
    const net = await netOf([{ kind: 'dense', name: 'out', units: 1 }], {
      data: { dataset: 'circles' },
      preprocessing: [{ kind: 'standardise' }],
      training: { loss: 'binary-cross-entropy' },
    });
    const values = Float32Array.of(0.5, -0.25);
    const about = { layer: 'out', unit: 0, row: 0, column: 0 };
    const [sum, sigmoid] = await walkUnit(net, { ...about, input: { kind: 'values', values } });
    if (sum?.kind !== 'dense' || sigmoid?.kind !== 'activation')
      throw new Error('expected dense and sigmoid');
    expectNear(sigmoid.result, 1 / (1 + Math.exp(-sum.result)));
    const { toJSON } = net.run.preprocessing;
    const { scale, offset } = toJSON.call(net.run.preprocessing);
    sum.inputs.forEach((value, i) => expectNear(value, values[i]! * scale[i]! + offset[i]!));
  });

  it('refuses layers, places and inputs that are not there, and nets gone wrong', async () => {
    const net = await netOf([{ kind: 'flatten' }, { kind: 'dense', name: 'out', units: 10 }]);
    const about = { layer: 'out', unit: 0, row: 0, column: 0, input };
    const missing = { code: 'not-found' };
    await expect(walkUnit(net, { ...about, layer: 'gone' })).rejects.toMatchObject(missing);
    await expect(walkUnit(net, { ...about, unit: 10 })).rejects.toMatchObject(missing);
    await expect(walkUnit(net, { ...about, row: 1 })).rejects.toMatchObject(missing);
    const far = { kind: 'row', part: 'test', row: 1_000_000 } as const;
    await expect(walkUnit(net, { ...about, input: far })).rejects.toMatchObject(missing);
    const short = { kind: 'values', values: new Float32Array(3) } as const;
    await expect(walkUnit(net, { ...about, input: short })).rejects.toMatchObject({ code: 'shape-mismatch' });
    const odd = { kind: 'values', values: new Float32Array(784).fill(NaN) } as const;
    await expect(walkUnit(net, { ...about, input: odd })).rejects.toMatchObject({ code: 'not-a-number' });
  });
});
