import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { NetInput } from '../../shared/schema/inspection.ts';
import type { LoadedDataset } from '../data/loaded-dataset.ts';
import type { InspectedRun } from './inspected-run.ts';

function widthOf({ train }: LoadedDataset): number {
  return train.features.shape.slice(1).reduce((product, side) => product * side, 1);
}

function storedExample(dataset: LoadedDataset, part: 'train' | 'test', row: number): ArrayLike<number> {
  const { features, exampleCount } = dataset[part];
  const width = widthOf(dataset);
  if (row < exampleCount) return features.values.subarray(row * width, (row + 1) * width);
  throw new StudioError(
    'not-found',
    `input: the ${part} part of ${dataset.info.name} has no row ${row}, it has ${exampleCount}; take one below that`,
    { part, row, exampleCount },
  );
}

function checkedValues(dataset: LoadedDataset, values: Float32Array): Float32Array {
  const expected = widthOf(dataset);
  if (values.length !== expected) {
    throw new StudioError(
      'shape-mismatch',
      `input: ${values.length} numbers were given, an example of ${dataset.info.name} has ${expected}; give one for ` +
        'each of its features',
      { found: values.length, expected },
    );
  }
  if (values.every(Number.isFinite)) return values;
  throw new StudioError('not-a-number', 'input: a number is not finite; give finite ones only');
}

function exampleOf(dataset: LoadedDataset, input: NetInput): ArrayLike<number> {
  if (input.kind === 'row') return storedExample(dataset, input.part, input.row);
  return checkedValues(dataset, input.values);
}

/**
 * Inputs as a run's net is fed, float32 [inputs, ...example]: the dataset's own numbers, or whitened ones where the run
 * whitens. What is left of the preparation belongs to the pass through the net. The caller's.
 * @throws StudioError `not-found` for a row that is not there, `shape-mismatch` and `not-a-number` for numbers
 */
export async function feedInputs(run: InspectedRun, inputs: readonly NetInput[]): Promise<Tensor> {
  const { dataset } = run;
  const width = widthOf(dataset);
  const values = new Float32Array(inputs.length * width);
  inputs.forEach((input, i) => values.set(exampleOf(dataset, input), i * width));
  const shape = [inputs.length, ...dataset.train.features.shape.slice(1)];
  const fed = await run.feed({ shape, values });
  return tf.tensor(fed.values, [...fed.shape], 'float32');
}
