import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Attribution, NetInput } from '../../shared/schema/inspection.ts';
import { forwardInference } from '../model/index.ts';
import { classAsked, classLogit, headAsked, type HeadAsked } from './class-logit.ts';
import { computeGradCam } from './grad-cam.ts';
import { planeOf } from './image-plane.ts';
import { feedInputs } from './net-input.ts';
import { computeOcclusion, occluderOf } from './occlusion.ts';
import type { OpenNet } from './open-net.ts';
import { computeSaliency } from './saliency.ts';

/** What is asked of a class. */
export interface AttributionQuestion {
  readonly input: NetInput;
  readonly method: Attribution['method'];
  /** Null for the class the net names. */
  readonly classIndex: number | null;
  /** Null for the first head of classes. */
  readonly head: string | null;
  /** Of Grad-CAM; null for the last convolution. */
  readonly layer: string | null;
}

type ClassOfExample = Pick<Attribution, 'classIndex' | 'logit' | 'probability'>;

function readClass(
  { plan, context }: OpenNet,
  x: Tensor,
  asked: HeadAsked,
  wanted: number | null,
): ClassOfExample {
  const { head, index } = asked;
  return tf.tidy(() => {
    const outputs = forwardInference(plan, x, context)[index]!;
    const found = classAsked(head, outputs.dataSync<'float32'>(), wanted);
    const [logit = NaN] = classLogit(head, outputs, found.classIndex).dataSync<'float32'>();
    return { ...found, logit };
  });
}

async function computeValues(
  net: OpenNet,
  x: Tensor,
  asked: HeadAsked,
  { classIndex, logit }: ClassOfExample,
  { method, layer }: AttributionQuestion,
): Promise<Float32Array<ArrayBuffer>> {
  if (method === 'saliency') return computeSaliency(net, x, asked, classIndex);
  if (method === 'grad-cam') return computeGradCam(net, x, asked, classIndex, layer);
  return computeOcclusion(net, x, asked, classIndex, logit);
}

/**
 * How strongly each place of an example bears on a class; of a row of numbers, each feature.
 * @throws StudioError `unsupported` for a head of numbers, and for Grad-CAM without maps; `not-found` for a head, class,
 * layer or row that is not there
 */
export async function computeAttribution(net: OpenNet, question: AttributionQuestion): Promise<Attribution> {
  const { run, plan, prepared } = net;
  const asked = headAsked(run, question.head);
  const fed = await feedInputs(run, [question.input]);
  const x = prepared.preprocessing.apply(fed);
  fed.dispose();
  try {
    const found = readClass(net, x, asked, question.classIndex);
    const values = await computeValues(net, x, asked, found, question);
    const plane = planeOf(plan.inputShape);
    const shape: [number, number] = [plane.height, plane.width];
    const told = question.method === 'occlusion' ? { occluder: occluderOf(plane) } : {};
    return { method: question.method, shape, values, ...found, ...told };
  } finally {
    x.dispose();
  }
}
