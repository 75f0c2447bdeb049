import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Attribution } from '../../shared/schema/inspection.ts';
import { forwardInference } from '../model/index.ts';
import { classLogit, type HeadAsked } from './class-logit.ts';
import { planeOf, type ImagePlane } from './image-plane.ts';
import { nextTurn } from './next-turn.ts';
import type { OpenNet } from './open-net.ts';
import { computeNumbers } from './read-numbers.ts';
import { gatherRows } from './row-batches.ts';

/** Training examples whose mean is the grey. */
const GREY_EXAMPLES = 512;
/** Numbers in one batch of occluded examples: 16 MB. */
const BATCH_NUMBERS = 2 ** 22;

/** The patch that is slid over an example, and its steps; [down, right] in pixels. */
export type Occluder = NonNullable<Attribution['occluder']>;

/** A seventh of each side (rounded up), moved by half of that (rounded up); one feature at a time of a row of numbers. */
export function occluderOf({ height, width }: ImagePlane): Occluder {
  const size: [number, number] = height === 1 ? [1, 1] : [Math.ceil(height / 7), Math.ceil(width / 7)];
  return { size, stride: [Math.ceil(size[0] / 2), Math.ceil(size[1] / 2)] };
}

/** Where patches begin along a side: every stride, and at the end, so that none is cut and every pixel is under one. */
function patchStarts(side: number, size: number, stride: number): number[] {
  const last = side - size;
  const starts = Array.from({ length: Math.floor(last / stride) + 1 }, (_, i) => i * stride);
  return starts.at(-1) === last ? starts : [...starts, last];
}

interface Patch {
  readonly top: number;
  readonly left: number;
}

function patchesOf({ height, width }: ImagePlane, { size, stride }: Occluder): Patch[] {
  const columns = patchStarts(width, size[1], stride[1]);
  return patchStarts(height, size[0], stride[0]).flatMap((top) => columns.map((left) => ({ top, left })));
}

/** Calls `visit` with every pixel under a patch. */
function eachPixel(
  { top, left }: Patch,
  { size }: Occluder,
  width: number,
  visit: (pixel: number) => void,
): void {
  for (let y = top; y < top + size[0]; y++) {
    for (let x = left; x < left + size[1]; x++) visit(y * width + x);
  }
}

/** Mean of prepared training examples: per channel over all pixels, or per feature of a row of numbers. */
async function greyOf(net: OpenNet, plane: ImagePlane): Promise<Float64Array> {
  const { run, prepared } = net;
  const features = await run.feed(run.dataset.train.features);
  const rows = run.split.train.subarray(0, GREY_EXAMPLES);
  const examples = gatherRows(features, rows);
  const values = computeNumbers(() => prepared.preprocessing.apply(examples));
  examples.dispose();
  const grey = new Float64Array(plane.height === 1 ? plane.width * plane.channels : plane.channels);
  values.forEach((value, i) => (grey[i % grey.length]! += value));
  return grey.map((sum) => (sum * grey.length) / values.length);
}

/** Copies of an example, one patch of each painted grey; [patches, example] flat. */
function occlude(
  example: Float32Array,
  patches: readonly Patch[],
  occluder: Occluder,
  plane: ImagePlane,
  grey: Float64Array,
): Float32Array {
  const occluded = new Float32Array(patches.length * example.length);
  patches.forEach((patch, i) => {
    const copy = occluded.subarray(i * example.length, (i + 1) * example.length);
    copy.set(example);
    eachPixel(patch, occluder, plane.width, (pixel) => {
      for (let at = pixel * plane.channels; at < (pixel + 1) * plane.channels; at++)
        copy[at] = grey[at % grey.length]!;
    });
  });
  return occluded;
}

/** Logits of a class for prepared examples, [examples] flat. */
function logitsOf(
  { plan, context }: OpenNet,
  examples: Float32Array,
  { head, index }: HeadAsked,
  classIndex: number,
): Float32Array {
  return computeNumbers(() => {
    const x = tf.tensor(examples, [examples.length / sizeOf(plan.inputShape), ...plan.inputShape]);
    return classLogit(head, forwardInference(plan, x, context)[index]!, classIndex);
  });
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Mean over the patches on each pixel of the fall they cause. */
function spreadFalls(
  falls: Float64Array,
  patches: readonly Patch[],
  occluder: Occluder,
  { height, width }: ImagePlane,
): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(height * width);
  const counts = new Uint32Array(height * width);
  patches.forEach((patch, i) =>
    eachPixel(patch, occluder, width, (pixel) => {
      sums[pixel]! += falls[i]!;
      counts[pixel]!++;
    }),
  );
  return Float32Array.from(sums, (sum, pixel) => sum / counts[pixel]!);
}

/**
 * Fall of a class's logit where a grey patch, the mean of the training examples, lies on the image (Zeiler and Fergus
 * 2014): at each pixel the mean over the patches ({@link occluderOf}) that lie on it. [height, width] flat; negative where
 * the patch helps the class.
 * @param x one prepared example, [1, ...example]; borrowed
 * @param logit of the class for the whole example
 */
export async function computeOcclusion(
  net: OpenNet,
  x: Tensor,
  asked: HeadAsked,
  classIndex: number,
  logit: number,
): Promise<Float32Array<ArrayBuffer>> {
  const plane = planeOf(net.plan.inputShape);
  const occluder = occluderOf(plane);
  const patches = patchesOf(plane, occluder);
  const example = x.dataSync<'float32'>();
  const grey = await greyOf(net, plane);
  const falls = new Float64Array(patches.length);
  const batchSize = Math.max(1, Math.floor(BATCH_NUMBERS / example.length));
  for (let first = 0; first < patches.length; first += batchSize) {
    const some = patches.slice(first, first + batchSize);
    const logits = logitsOf(net, occlude(example, some, occluder, plane, grey), asked, classIndex);
    falls.set(
      Float64Array.from(logits, (occluded) => logit - occluded),
      first,
    );
    await nextTurn();
  }
  return spreadFalls(falls, patches, occluder, plane);
}
