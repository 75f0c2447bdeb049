import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import { nameClasses, probabilitiesOf, readEvidence } from '../metrics/class-evidence.ts';
import type { InspectedHead } from './inspected-head.ts';
import type { InspectedRun } from './inspected-run.ts';

/** A head of classes among the heads of a net. */
export interface HeadAsked {
  readonly index: number;
  readonly head: InspectedHead;
}

function describeHeads(heads: readonly InspectedHead[]): string {
  const known = heads.filter(({ target }) => target.kind !== 'number').map(({ name }) => `'${name}'`);
  return known.length === 0
    ? 'this net has none, because it predicts numbers; look at its fitted curve or its feature maps instead'
    : `take ${known.join(' or ')}`;
}

/**
 * The head of that name; for null the first head of classes.
 * @throws StudioError `not-found` where there is none of that name, `unsupported` for one that predicts a number
 */
export function headAsked({ heads }: InspectedRun, name: string | null): HeadAsked {
  const index = heads.findIndex((head) =>
    name === null ? head.target.kind !== 'number' : head.name === name,
  );
  const head = heads[index];
  if (head !== undefined && head.target.kind !== 'number') return { index, head };
  const found = name === null ? 'found no head of classes' : `found no head of classes called '${name}'`;
  throw new StudioError(
    head === undefined && name !== null ? 'not-found' : 'unsupported',
    `attribution: ${found}, expected one whose class can be asked about; ${describeHeads(heads)}`,
    { head: name },
  );
}

function columnOf(outputs: Tensor, at: number): Tensor {
  return tf.reshape(tf.slice(outputs, [0, at], [-1, 1]), [-1]);
}

/** Of one output, which speaks of the second of two classes. */
function logitOfPair(output: Tensor, meaning: InspectedHead['meaning'], isSecond: boolean): Tensor {
  const complement = (): Tensor => tf.sub(1, output);
  if (meaning === 'probabilities') return tf.log(isSecond ? output : complement());
  if (meaning === 'scores') return isSecond ? output : complement();
  return isSecond ? output : tf.neg(output);
}

/**
 * How strongly a head's outputs [batch, outputs] (borrowed) speak for a class, [batch]: its logit; the logarithm of its
 * probability where the head ends in a softmax or a sigmoid; its plain score where it was trained on squared or absolute
 * errors. Differentiable; the result is the caller's tidy's.
 */
export function classLogit(head: InspectedHead, outputs: Tensor, classIndex: number): Tensor {
  const { outputCount, meaning } = head;
  if (outputCount === 1) return logitOfPair(columnOf(outputs, 0), meaning, classIndex === 1);
  const output = columnOf(outputs, classIndex);
  return meaning === 'probabilities' ? tf.log(output) : output;
}

/** A class and its probability for one example. */
export interface ClassAsked {
  readonly classIndex: number;
  readonly probability: number;
}

/**
 * The class asked about, or the one the net names.
 * @param outputs of the head for one example
 * @throws StudioError `not-found` for a class that is not there
 */
export function classAsked(
  { name, target, meaning }: InspectedHead,
  outputs: Float32Array,
  asked: number | null,
): ClassAsked {
  const { classes } = target;
  const evidence = readEvidence(outputs, 1, classes.length, meaning);
  const classIndex = asked ?? nameClasses(evidence)[0]!;
  const probability = probabilitiesOf(evidence)[classIndex];
  if (probability !== undefined) return { classIndex, probability };
  throw new StudioError(
    'not-found',
    `attribution: head '${name}' has no class ${classIndex}, it has ${classes.length}; take one from 0 to ` +
      `${classes.length - 1}`,
    { classIndex, classes: classes.length },
  );
}
