import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedDataset } from '../src/main/data/loaded-dataset.ts';
import { epochOrder } from '../src/main/training/epoch-order.ts';
import type { PreparedRun } from '../src/main/training/prepare-run.ts';
import { CASE_SEED } from './experiment-cases.ts';

function bytesOf(values: Uint8Array | Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function describeArray(values: Uint8Array | Int32Array | Float32Array, shape: readonly number[]) {
  const dtype = values instanceof Uint8Array ? 'uint8' : values instanceof Int32Array ? 'int32' : 'float32';
  return { dtype, shape };
}

/** The target's preparation as y * scale + offset, which all but the logarithm are. */
function targetAffine({ preprocessing }: PreparedRun): { targetScale: number; targetOffset: number } {
  const [step] = preprocessing.toJSON().target;
  if (step === undefined) return { targetScale: 1, targetOffset: 0 };
  if (step.kind === 'log')
    throw new Error('experiment inputs: a log target is no multiplication and addition');
  return { targetScale: 1 / step.deviation, targetOffset: -step.mean / step.deviation };
}

/**
 * Writes an experiment's data, first weights and first batches for the PyTorch program, which says how they are laid
 * out (test/reference/parity/torch_experiment.py).
 * @param steps whole batches of the first epoch's order to write
 */
export async function writeExperimentInputs(
  folder: string,
  prepared: PreparedRun,
  dataset: LoadedDataset,
  steps: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { experiment, split, step, preprocessing } = prepared;
  const { batchSize } = experiment.training;
  const { features, targets } = dataset.train;
  const used = prepared.heads.map(({ targetIndex }) => targetIndex);
  const named = [...new Set(used)].map((index) => ({
    name: dataset.info.targets[index]!.name,
    values: targets[index]!,
  }));
  const state = step.state.filter(({ role }) => role !== 'slot');
  const { scale, offset } = preprocessing.toJSON();
  const order = epochOrder(split.train, CASE_SEED, 1).subarray(0, steps * batchSize);
  const meta = {
    features: describeArray(features.values, features.shape),
    targets: Object.fromEntries(
      named.map(({ name, values }) => [name, describeArray(values, [values.length])]),
    ),
    state: state.map(({ name, shape }) => ({ name, shape })),
    scale,
    offset,
    ...targetAffine(prepared),
    batchSize,
    steps,
    rates: Array.from({ length: steps }, (_, step) => prepared.optimizer.scalars.learningRate!(step + 1)),
  };
  await writeFile(join(folder, 'experiment.json'), JSON.stringify(experiment));
  await writeFile(join(folder, 'inputs.json'), JSON.stringify(meta));
  await writeFile(join(folder, 'features.bin'), bytesOf(features.values));
  for (const { name, values } of named) await writeFile(join(folder, `target-${name}.bin`), bytesOf(values));
  await writeFile(join(folder, 'state.f32'), Buffer.concat(state.map(({ values }) => bytesOf(values))));
  await writeFile(join(folder, 'order.i32'), bytesOf(order));
}
