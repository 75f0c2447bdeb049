import type {
  ClassificationResult,
  ExamplePage,
  Histogram,
  LayerHistograms,
  ModelField,
  RegressionResult,
  RunResults,
  VariantResults,
} from '../../../shared/schema/results.ts';

/** Numbers in [0, 1) that are always the same (mulberry32). */
export function sampleRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A classification worked out from given labels; row numbers count from `firstRow`. */
export function classificationOf(
  classes: readonly string[],
  actual: readonly number[],
  predicted: readonly number[],
  confidence: readonly number[],
  firstRow = 100,
): ClassificationResult {
  const size = classes.length;
  const confusion = new Int32Array(size * size);
  actual.forEach((label, index) => confusion[label * size + predicted[index]!]!++);
  const sum = (at: (other: number) => number) =>
    classes.reduce((total, _, other) => total + confusion[at(other)]!, 0);
  const perClass = classes.map((name, label) => {
    const right = confusion[label * size + label]!;
    const support = sum((other) => label * size + other);
    const named = sum((other) => other * size + label);
    const recall = support === 0 ? null : right / support;
    const precision = named === 0 ? null : right / named;
    const f1 = recall && precision ? (2 * recall * precision) / (recall + precision) : null;
    return { name, support, recall, precision, f1 };
  });
  const right = actual.filter((label, index) => label === predicted[index]).length;
  return {
    kind: 'classification',
    classes: [...classes],
    rows: Int32Array.from(actual, (_, index) => firstRow + index),
    actual: Int32Array.from(actual),
    predicted: Int32Array.from(predicted),
    confidence: Float32Array.from(confidence),
    exampleLoss: Float32Array.from(confidence, (share, index) =>
      actual[index] === predicted[index] ? -Math.log(share) : -Math.log((1 - share) / (size - 1)),
    ),
    confusion,
    perClass,
    accuracy: right / actual.length,
    macroF1: perClass.reduce((total, { f1 }) => total + (f1 ?? 0), 0) / size,
    topK: [
      { k: 1, accuracy: right / actual.length },
      { k: 5, accuracy: 1 },
    ],
    negativeLogLikelihood: 0.2384,
    calibrationError: 0.0213,
    calibration: Array.from({ length: 10 }, (_, bin) => ({
      lower: bin / 10,
      upper: (bin + 1) / 10,
      count: bin < 2 ? 0 : 100 * bin,
      meanConfidence: bin < 2 ? null : (bin + 0.5) / 10,
      accuracy: bin < 2 ? null : (bin + 0.5) / 10 - 0.02 * (bin - 4),
    })),
  };
}

/** So many examples of so many classes, about nine of ten named right, the rest taken for a neighbour. */
export function sampleClassification(classes: readonly string[], examples: number): ClassificationResult {
  const random = sampleRandom(7);
  const actual = Array.from({ length: examples }, (_, index) => index % classes.length);
  const predicted = actual.map((label) => {
    const isWrong = random() < 0.04 + (0.12 * label) / classes.length;
    return isWrong ? (label + 1 + Math.floor(random() ** 2 * (classes.length - 1))) % classes.length : label;
  });
  return classificationOf(
    classes,
    actual,
    predicted,
    actual.map(() => 0.3 + 0.7 * random()),
  );
}

/** A regression whose errors have a standard deviation of about a tenth of the targets' range. */
export function sampleRegression(examples: number, withSigma: boolean): RegressionResult {
  const random = sampleRandom(3);
  const normal = () => random() + random() + random() + random() - 2;
  const actual = Float32Array.from({ length: examples }, () => 60_000 + 400_000 * random() ** 2);
  const sigma = actual.map((value) => 8_000 + 0.08 * value);
  const predicted = actual.map((value, index) => value + normal() * 1.7 * sigma[index]!);
  return {
    kind: 'regression',
    unit: 'USD',
    rows: Int32Array.from({ length: examples }, (_, index) => index),
    actual,
    predicted,
    sigma: withSigma ? sigma : null,
    rootMeanSquaredError: 29_812.4,
    meanAbsoluteError: 19_204.8,
    r2: 0.8612,
    negativeLogLikelihood: withSigma ? 11.23 : null,
  };
}

/** Results of one head. */
export function sampleResults(
  result: ClassificationResult | RegressionResult,
  change: Partial<RunResults> = {},
): RunResults {
  return { runId: 'run0000001', epoch: 5, split: 'test', heads: [{ name: 'target', result }], ...change };
}

/** Two half-planes with a wave between them. */
export function samplePlane(side: number): Extract<ModelField, { kind: 'plane' }> {
  const values = new Float32Array(side * side * 2);
  const at = (index: number) => -3 + (6 * index) / (side - 1);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const share = 1 / (1 + Math.exp(-3 * (at(row) - Math.sin(2 * at(column)))));
      values.set([1 - share, share], (row * side + column) * 2);
    }
  }
  const axis = { minimum: -3, maximum: 3 };
  return { kind: 'plane', x: { name: 'x', ...axis }, y: { name: 'y', ...axis }, side, values, channels: 2 };
}

/** A sine with a band. */
export function sampleLine(count: number): Extract<ModelField, { kind: 'line' }> {
  const x = Float32Array.from({ length: count }, (_, index) => -5 + (10 * index) / (count - 1));
  return { kind: 'line', x, predicted: x.map((at) => 3 * Math.sin(at)), sigma: x.map(() => 0.5) };
}

function bell(count: number, centre: number): number[] {
  return Array.from({ length: count }, (_, bin) => Math.round(900 * Math.exp(-((bin - centre) ** 2) / 18)));
}

export function sampleHistogram(change: Partial<Histogram> = {}): Histogram {
  const counts = bell(30, 15);
  return {
    minimum: -0.4,
    maximum: 0.4,
    counts,
    mean: 0.002,
    standardDeviation: 0.081,
    notFinite: 0,
    ...change,
  };
}

export function sampleHistograms(layers: readonly string[]): LayerHistograms[] {
  return layers.map((layer, index) => ({
    layer,
    parameters: [
      { name: 'weights', histogram: sampleHistogram(), gradient: sampleHistogram({ mean: 0 }) },
      {
        name: 'bias',
        histogram: sampleHistogram({ counts: bell(30, 8) }),
        gradient: sampleHistogram({ counts: bell(30, 20) }),
      },
    ],
    activations: sampleHistogram({ minimum: 0, maximum: 4, counts: bell(30, 0), mean: 0.6 }),
    saturatedShare: null,
    deadUnits: index * 3,
    units: 64,
  }));
}

/** Grey pictures whose brightness tells the row. */
export function sampleImages(rows: readonly number[], side = 28): ExamplePage {
  const values = new Uint8Array(rows.length * side * side);
  rows.forEach((row, index) => {
    for (let pixel = 0; pixel < side * side; pixel++) {
      const [x, y] = [(pixel % side) - side / 2, Math.floor(pixel / side) - side / 2];
      const ring = Math.abs(Math.hypot(x, y) - 3 - (row % 7));
      values[index * side * side + pixel] = Math.max(0, 255 - 90 * ring);
    }
  });
  return { shape: [side, side, 1], rows: Int32Array.from(rows), values, targets: [] };
}

/** Variants with three seeds each, measured on test. */
export function sampleVariants(names: readonly string[]): VariantResults[] {
  const random = sampleRandom(11);
  return names.map((name, index) => {
    const values = [0, 1, 2].map(() => 0.6 + 0.06 * index + 0.02 * random());
    const mean = values.reduce((sum, value) => sum + value, 0) / 3;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      variant: name,
      name,
      runIds: values.map((_, seed) => `run0${index}0000${seed}`),
      seeds: [1, 2, 3],
      durationMs: 100_000 * (index + 1),
      metrics: [
        {
          split: 'test',
          metric: 'accuracy',
          values,
          mean,
          standardDeviation: Math.sqrt(squares / 2),
          count: 3,
        },
      ],
      bestDevMetrics: [],
    };
  });
}
