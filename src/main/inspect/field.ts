import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { ModelField } from '../../shared/schema/results.ts';
import { probabilitiesOf, readEvidence } from '../metrics/class-evidence.ts';
import { fieldAxis, pointOn, type FieldAxis } from './field-axes.ts';
import type { InspectedHead } from './inspected-head.ts';
import { requireFinite } from './measure-head.ts';
import { nextTurn } from './next-turn.ts';
import type { Predictor } from './predictor.ts';
import { readRegression } from './read-regression.ts';

/** Points in one pass: a model of two features is small. */
const BATCH_SIZE = 16_384;

/** Outputs of the first head at points [points, width] flat, prepared as in training. */
async function predictPoints(
  predictor: Predictor,
  points: Float32Array,
  width: number,
): Promise<Float32Array> {
  const head = predictor.run.heads[0]!;
  const count = points.length / width;
  const outputs = new Float32Array(count * head.outputCount);
  const { values } = await predictor.run.feed({ shape: [count, width], values: points });
  for (let first = 0; first < count; first += BATCH_SIZE) {
    const some = Float32Array.from(values.subarray(first * width, (first + BATCH_SIZE) * width));
    const batch = tf.tensor2d(some, [some.length / width, width]);
    outputs.set((await predictor.predict(batch))[0]!, first * head.outputCount);
    batch.dispose();
    await nextTurn();
  }
  requireFinite(outputs, head);
  return outputs;
}

/** Probability per class at every point, or the prediction. */
function readPoints(
  predictor: Predictor,
  head: InspectedHead,
  outputs: Float32Array,
): Float32Array<ArrayBuffer> {
  const { target, meaning, outputCount } = head;
  if (target.kind === 'number') return readRegression(predictor.run.preprocessing, head, outputs).predicted;
  return probabilitiesOf(readEvidence(outputs, outputs.length / outputCount, target.classes.length, meaning));
}

function planePoints(x: FieldAxis, y: FieldAxis, side: number): Float32Array {
  const points = new Float32Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    points[2 * i] = pointOn(x, i % side, side);
    points[2 * i + 1] = pointOn(y, Math.floor(i / side), side);
  }
  return points;
}

async function computePlane(predictor: Predictor, head: InspectedHead, side: number): Promise<ModelField> {
  const x = fieldAxis(predictor.run.dataset, 0);
  const y = fieldAxis(predictor.run.dataset, 1);
  const outputs = await predictPoints(predictor, planePoints(x, y, side), 2);
  const values = readPoints(predictor, head, outputs);
  return { kind: 'plane', x, y, side, values, channels: values.length / (side * side) };
}

async function computeLine(predictor: Predictor, head: InspectedHead, count: number): Promise<ModelField> {
  const { dataset, preprocessing } = predictor.run;
  const axis = fieldAxis(dataset, 0);
  const x = Float32Array.from({ length: count }, (_, i) => pointOn(axis, i, count));
  const outputs = await predictPoints(predictor, x, 1);
  return { kind: 'line', x, ...readRegression(preprocessing, head, outputs) };
}

function refuse(found: string): never {
  throw new StudioError(
    'unsupported',
    `field: found ${found}, expected a model of two features, or a regression on one; look at its results instead`,
  );
}

/**
 * The first head's answers over the rectangle or the stretch that holds the data, and a margin of a tenth.
 * @param side points along each side
 * @throws StudioError `unsupported` for a model with other inputs, `not-a-number` where an answer is not finite
 */
export async function computeField(predictor: Predictor, side: number): Promise<ModelField> {
  const { heads, dataset } = predictor.run;
  const head = heads[0]!;
  const shape = dataset.train.features.shape.slice(1);
  if (shape.length === 1 && shape[0] === 2) return computePlane(predictor, head, side);
  if (shape.length !== 1 || shape[0] !== 1) return refuse(`examples of ${shape.join('x')} numbers`);
  return head.target.kind === 'number'
    ? computeLine(predictor, head, side)
    : refuse('a classification of one feature');
}
