import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experiment, type Experiment } from '../src/shared/schema/experiment.ts';
import { initialiseModel } from '../src/main/model/initialise.ts';
import { planModel } from '../src/main/model/plan.ts';
import { epochOrder } from '../src/main/training/epoch-order.ts';
import type { ModelName } from './contestants.ts';

/** Seed of the weights and of the batch orders. */
export const BENCH_SEED = 1;
const TRAIN_EXAMPLES = 60_000;
const EPOCH_ORDERS = 4;
const experimentFiles = { mlp: 'mnist-mlp.json', cnn: 'mnist-cnn.json' } as const;

/**
 * The gallery's experiment as the benchmark runs it: trained on all 60,000 images, evaluated on none but test at the
 * end, because the peers do not evaluate either.
 */
export async function benchExperiment(root: string, model: ModelName, epochs: number): Promise<Experiment> {
  const path = join(root, 'resources', 'experiments', experimentFiles[model]);
  const parsed = experiment.parse(JSON.parse(await readFile(path, 'utf8')));
  return {
    ...parsed,
    name: `Benchmark ${model.toUpperCase()}`,
    group: 'Benchmark',
    data: { ...parsed.data, split: { ...parsed.data.split, devFraction: 0 } },
    training: { ...parsed.training, epochs, earlyStopping: null },
    evaluation: { ...parsed.evaluation, everyEpochs: 0, testEveryEpoch: false },
  };
}

/**
 * Writes what every peer starts from, as raw little-endian numbers: weights.json names and shapes, weights.f32 the
 * values in TensorFlow's layout, order-N.i32 the row numbers of epoch N. See bench/peers/common.py.
 * @returns the folder
 */
export async function writeInputs(root: string, directory: string, model: ModelName): Promise<string> {
  const folder = join(directory, model);
  await mkdir(folder, { recursive: true });
  const plan = planModel((await benchExperiment(root, model, 1)).model, [28, 28, 1]);
  const weights = initialiseModel(plan, BENCH_SEED);
  const names = weights.map(({ name, shape }) => ({ name, shape }));
  await writeFile(join(folder, 'weights.json'), JSON.stringify(names));
  await writeFile(join(folder, 'weights.f32'), Buffer.concat(weights.map(({ values }) => bytesOf(values))));
  const rows = Int32Array.from({ length: TRAIN_EXAMPLES }, (_, row) => row);
  for (let epoch = 1; epoch <= EPOCH_ORDERS; epoch++) {
    await writeFile(join(folder, `order-${epoch}.i32`), bytesOf(epochOrder(rows, BENCH_SEED, epoch)));
  }
  return folder;
}

function bytesOf(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
