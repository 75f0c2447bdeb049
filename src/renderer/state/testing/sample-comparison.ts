import type {
  ComparedRun,
  ComparedRuns,
  ComparedSeries,
  PairComparison,
  RunGroup,
} from '../../../shared/schema/comparison.ts';
import { sampleRun } from './samples.ts';

/** A compared run with whatever a test wants to be different. */
export function sampleCompared(
  id: string,
  settings: ComparedRun['settings'] = {},
  final: ComparedRun['final'] = {},
): ComparedRun {
  return { summary: sampleRun({ id, name: `Run ${id}`, state: 'finished' }), settings, final };
}

/** Runs that differ in three fields and end with two numbers. */
export function sampleComparison(): ComparedRuns {
  const row = (id: string, rate: number, kind: string, dropout: number | null, accuracy: number) =>
    sampleCompared(
      id,
      { 'training.optimizer.kind': kind, 'training.optimizer.learningRate': rate, dropout },
      { 'test/accuracy': accuracy, 'dev/loss': 1 - accuracy },
    );
  return {
    runs: [
      row('run0000001', 0.0001, 'adam', null, 0.9),
      row('run0000002', 0.01, 'sgd', 0.1, 0.8),
      row('run0000003', 0.1, 'adam', 0.2, 0.7),
    ],
    fields: ['training.optimizer.kind', 'training.optimizer.learningRate', 'dropout'],
    curves: ['dev/loss', 'test/accuracy', 'train/loss'],
  };
}

/** A curve measured once an epoch of ten steps, two seconds each. */
export function sampleSeries(
  runId: string,
  values: readonly number[],
  change: Partial<ComparedSeries> = {},
): ComparedSeries {
  const epochs = values.map((_, index) => index + 1);
  return {
    runId,
    split: 'dev',
    metric: 'loss',
    epochs: Int32Array.from(epochs),
    steps: Int32Array.from(epochs, (epoch) => epoch * 10),
    seconds: Float64Array.from(epochs, (epoch) => epoch * 2),
    values: Float64Array.from(values),
    ...change,
  };
}

/** A group of runs without numbers. */
export function sampleGroup(label: string, runIds: readonly string[]): RunGroup {
  return {
    label,
    settings: {},
    runIds: [...runIds],
    seeds: runIds.map((_, index) => index + 1),
    values: runIds.map(() => null),
    mean: null,
    standardDeviation: null,
    interval: null,
    count: 0,
  };
}

/** Six examples of two classes: one in each set, two in the first. */
export function samplePair(): PairComparison {
  return {
    classes: ['cat', 'dog', 'owl'],
    rows: Int32Array.of(10, 11, 12, 13, 14, 15),
    actual: Int32Array.of(0, 1, 0, 1, 2, 2),
    predictedA: Int32Array.of(0, 1, 1, 1, 1, 0),
    predictedB: Int32Array.of(0, 1, 0, 0, 1, 1),
    sets: Uint8Array.of(0, 0, 1, 2, 3, 4),
    agreement: Int32Array.of(1, 1, 0, 2, 2, 0, 0, 0, 0),
    accuracyA: 0.5,
    accuracyB: 0.5,
    mcnemar: { fixed: 1, broken: 1, statistic: 1, p: 1, exact: true },
    interval: [-0.4, 0.4],
    sentence: 'The two nets do not differ.',
  };
}
