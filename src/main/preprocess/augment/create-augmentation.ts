import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { streamKey } from '../../../shared/random/stream.ts';
import type { AugmentationSpec, AugmentationStep } from '../../../shared/schema/augmentation.ts';
import type { Augmentation, AugmentationContext, AugmentedBatch } from './augmentation.ts';
import { brightnessChange } from './brightness.ts';
import { contrastChange } from './contrast.ts';
import { cutmixMix } from './cutmix.ts';
import { cutoutChange } from './cutout.ts';
import { mixupMix } from './mixup.ts';
import { noiseChange } from './noise.ts';
import type { Change, Draw, ImageSize, Mix, StepOf } from './parts.ts';
import { createWarp, isGeometric, warpImages, type GeometricStep } from './warp.ts';

/** Gives each step of the spec, by its position, numbers of its own. */
type DrawFor = (index: number) => Draw;

/** Part of an augmentation: takes and gives a batch. */
type Stage = (batch: AugmentedBatch, drawFor: DrawFor) => AugmentedBatch;

interface Placed<S> {
  readonly step: S;
  /** Position in the spec. */
  readonly index: number;
}

function warpStage(placed: readonly Placed<GeometricStep>[], size: ImageSize): Stage {
  const warps = placed.map(({ step, index }) => ({ warp: createWarp(step, size), index }));
  // Without a rotation all offsets are whole pixels, and nothing is to be interpolated.
  const interpolation = placed.some(({ step }) => step.kind === 'rotation') ? 'bilinear' : 'nearest';
  return ({ x, mix }, drawFor) => {
    const maps = warps.map(({ warp, index }) => warp(x.shape[0], drawFor(index)));
    return { x: warpImages(x, maps, interpolation), mix };
  };
}

type MixingStep = StepOf<'cutmix' | 'mixup'>;
type ValueStep = Exclude<AugmentationStep, GeometricStep | MixingStep>;

function isMixing(step: AugmentationStep): step is MixingStep {
  return step.kind === 'cutmix' || step.kind === 'mixup';
}

function createChange(step: ValueStep, size: ImageSize): Change {
  switch (step.kind) {
    case 'brightness':
      return brightnessChange(step);
    case 'contrast':
      return contrastChange(step);
    case 'noise':
      return noiseChange(step);
    case 'cutout':
      return cutoutChange(step, size);
    default:
      return step satisfies never;
  }
}

function valueStage({ step, index }: Placed<ValueStep>, size: ImageSize): Stage {
  const change = createChange(step, size);
  return ({ x, mix }, drawFor) => ({ x: change(x, drawFor(index)), mix });
}

function mixingStage({ step, index }: Placed<MixingStep>, size: ImageSize): Stage {
  const mix: Mix = step.kind === 'cutmix' ? cutmixMix(step, size) : mixupMix(step);
  return ({ x }, drawFor) => mix(x, drawFor(index));
}

/** The spec as stages: neighbouring geometric steps are one. */
function createStages(spec: AugmentationSpec, size: ImageSize): Stage[] {
  const stages: Stage[] = [];
  let geometric: Placed<GeometricStep>[] = [];
  const closeWarp = () => {
    if (geometric.length > 0) stages.push(warpStage(geometric, size));
    geometric = [];
  };
  spec.forEach((step, index) => {
    if (isGeometric(step)) {
      geometric.push({ step, index });
      return;
    }
    closeWarp();
    stages.push(isMixing(step) ? mixingStage({ step, index }, size) : valueStage({ step, index }, size));
  });
  closeWarp();
  return stages;
}

function imageSize(exampleShape: readonly number[]): ImageSize {
  const [height, width, channels] = exampleShape;
  if (exampleShape.length === 3) return { height: height!, width: width!, channels: channels! };
  throw new StudioError(
    'invalid-input',
    `augmentation: changes images of [height, width, channels] and an example has the shape [${exampleShape.join(', ')}]; ` +
      'remove its steps',
    { path: 'augmentation' },
  );
}

function drawFrom(seed: number, { ops, step }: AugmentationContext): DrawFor {
  return (index) => (what, shape) =>
    ops.randomUniform(shape, streamKey(seed, 'augmentation', `${index}/${what}`), step);
}

/**
 * The random changes of a run's training images, or null where there are none. Numbers come from the run's
 * `augmentation` stream: adding a step at the end leaves those of the others alone.
 * @param exampleShape of one prepared example, [height, width, channels]
 * @throws StudioError `invalid-input` where the examples are no images, or two steps mix them
 */
export function createAugmentation(
  spec: AugmentationSpec,
  exampleShape: readonly number[],
  seed: number,
): Augmentation | null {
  if (spec.length === 0) return null;
  if (spec.filter(isMixing).length > 1) {
    throw new StudioError(
      'invalid-input',
      'augmentation: only one step may be cutmix or mixup; remove the other',
      {
        path: 'augmentation',
      },
    );
  }
  const stages = createStages(spec, imageSize(exampleShape));
  const run = (x: Tensor, drawFor: DrawFor): AugmentedBatch =>
    stages.reduce<AugmentedBatch>((batch, stage) => stage(batch, drawFor), { x, mix: null });
  return {
    needsGraph: spec.some(isGeometric),
    separable: !spec.some(isMixing),
    apply(x, context) {
      const [changed, partner, share] = tf.tidy(() => {
        const { x: last, mix } = run(x, drawFrom(seed, context));
        return mix === null ? [last] : [last, mix.partner, mix.share];
      });
      return { x: changed, mix: partner && share ? { partner, share } : null };
    },
  };
}
