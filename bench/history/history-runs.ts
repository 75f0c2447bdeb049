import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';
import type { MetricPoint } from '../../src/shared/schema/metric.ts';
import { openStream, type RandomStream } from '../../src/shared/random/stream.ts';

/** One run of the made-up history. */
export interface HistoryRun {
  readonly id: string;
  readonly experiment: Experiment;
  readonly seed: number;
  /** Points by epoch, epoch 1 first. */
  readonly epochs: readonly (readonly MetricPoint[])[];
  readonly finalPoints: readonly MetricPoint[];
}

export const RUNS = 10_000;
export const SEEDS_PER_SETTING = 20;
export const EPOCHS = 25;
const STEPS_PER_EPOCH = 844;

const optimizers = ['sgd', 'adam', 'adamw', 'rmsprop'] as const;
const units = [32, 64, 128, 256, 512] as const;
const batches = [16, 32, 64, 128, 256] as const;

function pick<T>(stream: RandomStream, values: readonly T[]): T {
  return values[stream.nextInteger(values.length)]!;
}

/** A setting of a wide search over MLPs on MNIST; the same number gives the same one. */
function makeExperiment(base: Experiment, setting: number): Experiment {
  const stream = openStream(setting, 'search', 'history');
  const [first, second] = [pick(stream, units), pick(stream, units)];
  const kind = pick(stream, optimizers);
  const learningRate = Number((10 ** (-4 + 3 * stream.nextUniform())).toPrecision(3));
  const rate = Number((0.5 * stream.nextUniform()).toFixed(2));
  return experiment.parse({
    ...base,
    name: `MLP ${first}-${second}, ${kind}`,
    group: 'Benchmark',
    model: {
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: first, activation: 'relu' },
        { kind: 'dropout', rate },
        { kind: 'dense', units: second, activation: 'relu' },
        { kind: 'dense', units: 10 },
      ],
    },
    training: { optimizer: { kind, learningRate }, batchSize: pick(stream, batches), epochs: EPOCHS },
  });
}

/** Losses and accuracies that fall and rise as those of a training do, with noise of the seed's own. */
function makePoints(stream: RandomStream, epoch: number, pace: number, floor: number): MetricPoint[] {
  const progress = Math.exp(-pace * epoch);
  const noise = (size: number): number => size * stream.nextNormal() * (0.3 + progress);
  const trainLoss = Math.abs(0.6 * floor + 2.3 * progress + noise(0.02));
  const devLoss = Math.abs(floor + 2.2 * progress + 0.002 * epoch * floor + noise(0.03));
  const at = { epoch, step: epoch * STEPS_PER_EPOCH };
  return [
    { split: 'train', metric: 'loss', ...at, value: trainLoss },
    { split: 'train', metric: 'accuracy', ...at, value: Math.min(1, Math.exp(-0.3 * trainLoss)) },
    { split: 'dev', metric: 'loss', ...at, value: devLoss },
    { split: 'dev', metric: 'accuracy', ...at, value: Math.min(1, Math.exp(-0.32 * devLoss)) },
  ];
}

/** Run `index` of the history: settings in turn, each with its seeds one after the other. */
export function makeRun(base: Experiment, index: number, made: Map<number, Experiment>): HistoryRun {
  const setting = Math.floor(index / SEEDS_PER_SETTING);
  const known = made.get(setting) ?? makeExperiment(base, setting);
  made.set(setting, known);
  const ofSetting = openStream(setting, 'generator', 'pace');
  const pace = 0.15 + 0.5 * ofSetting.nextUniform();
  const floor = 0.05 + 0.4 * ofSetting.nextUniform() ** 2;
  const stream = openStream(index, 'generator', 'curves');
  const luck = 1 + 0.05 * stream.nextNormal();
  const epochs = Array.from({ length: EPOCHS }, (_, i) => makePoints(stream, i + 1, pace, floor * luck));
  const finalPoints = epochs
    .at(-1)!
    .slice(2)
    .map((point) => ({ ...point, split: 'test' as const }));
  return {
    id: `history${String(index).padStart(6, '0')}`,
    experiment: known,
    seed: 1 + (index % SEEDS_PER_SETTING),
    epochs,
    finalPoints,
  };
}
