import { StudioError } from '../../shared/ipc/errors.ts';
import type { PreprocessingSpec, PreprocessingStep } from '../../shared/schema/preprocessing.ts';
import type { ExampleSet, Features } from '../data/loaded-dataset.ts';
import { identityAffine, mapMoments, scaledToUnit, standardised, type Affine } from './affine.ts';
import { extremesByChannel, mapExtremes, measureExtremes, scaledToExtremes } from './extremes.ts';
import { createPreprocessing, type FittedPreprocessing } from './fitted-preprocessing.ts';
import { featureCount, measureMoments, poolByChannel, type FeatureMoments } from './moments.ts';
import { fitTarget } from './target.ts';
import { fitWhitening } from './whitening.ts';

type TargetStepKind = 'log-target' | 'standardise-target';
type AffineStep = Extract<PreprocessingStep, { kind: 'unit-scale' | 'standardise' | 'min-max' }>;
type WhiteningStep = Extract<PreprocessingStep, { kind: 'zca-whitening' }>;

function isTargetStep(step: PreprocessingStep): step is Extract<PreprocessingStep, { kind: TargetStepKind }> {
  return step.kind === 'log-target' || step.kind === 'standardise-target';
}

function fault(message: string): StudioError {
  return new StudioError('invalid-input', `preprocessing: ${message}`, { path: 'preprocessing' });
}

/** The training rows, and what is measured of them once. */
class TrainingPart {
  readonly features: Features;
  readonly rows: Int32Array;
  #moments: FeatureMoments | null = null;

  constructor(features: Features, rows: Int32Array) {
    this.features = features;
    this.rows = rows;
  }

  /** Moments of the raw features. */
  get moments(): FeatureMoments {
    return (this.#moments ??= measureMoments(this.features, this.rows));
  }

  get channels(): number {
    return this.features.shape.at(-1) ?? 1;
  }
}

function addStep(affine: Affine, step: AffineStep, part: TrainingPart): Affine {
  switch (step.kind) {
    case 'unit-scale':
      if (part.features.values instanceof Uint8Array) return scaledToUnit(affine);
      throw fault(
        'unit-scale divides 8-bit values by 255 and this dataset holds float32 values; ' +
          'remove the step or use standardise',
      );
    case 'standardise': {
      const mapped = mapMoments(part.moments, affine);
      return standardised(affine, step.per === 'channel' ? poolByChannel(mapped, part.channels) : mapped);
    }
    case 'min-max': {
      const mapped = mapExtremes(measureExtremes(part.features, part.rows), affine);
      return scaledToExtremes(
        affine,
        step.per === 'channel' ? extremesByChannel(mapped, part.channels) : mapped,
      );
    }
    default:
      return step satisfies never;
  }
}

/** The map with the training rows' own mean taken away, as whitening needs it. */
function centred(affine: Affine, part: TrainingPart): Affine {
  const { mean } = mapMoments(part.moments, affine);
  return { scale: affine.scale, offset: affine.offset.map((value, feature) => value - mean[feature]!) };
}

/** Whitening mixes all features, so nothing that works on one feature at a time can follow it. */
function splitSteps(spec: PreprocessingSpec): {
  readonly affine: readonly AffineStep[];
  readonly whitening: WhiteningStep | null;
  readonly target: readonly TargetStepKind[];
} {
  const ofFeatures = spec.filter((step) => !isTargetStep(step)) as (AffineStep | WhiteningStep)[];
  const last = ofFeatures.at(-1);
  const affine = ofFeatures.filter((step): step is AffineStep => step.kind !== 'zca-whitening');
  const whitening = last?.kind === 'zca-whitening' ? last : null;
  if (ofFeatures.length > affine.length + (whitening === null ? 0 : 1)) {
    throw fault(
      'zca-whitening must be the last step that changes the features, and once; move it to the end',
    );
  }
  return { affine, whitening, target: spec.filter(isTargetStep).map(({ kind }) => kind) };
}

/**
 * Fits the steps, in their order, on the given rows only (the training rows: anything else would leak). What works on
 * one feature at a time is folded into one multiplication and one addition per feature, with statistics in float64;
 * whitening is fitted when it is first used, because it needs a running engine (see
 * {@link FittedPreprocessing.materialise}).
 * @param examples the part the rows are of; kept until whitening is fitted
 * @throws StudioError `invalid-input` where a step does not fit the data, or there are no rows to fit on
 */
export function fitPreprocessing(
  spec: PreprocessingSpec,
  examples: Pick<ExampleSet, 'features' | 'targets'>,
  rows: Int32Array,
): FittedPreprocessing {
  if (rows.length === 0) throw fault('no training rows to fit on; make the dev part smaller');
  const { features, targets } = examples;
  const steps = splitSteps(spec);
  const part = new TrainingPart(features, rows);
  const start = identityAffine(featureCount(features));
  const folded = steps.affine.reduce((affine, step) => addStep(affine, step, part), start);
  const target = fitTarget(steps.target, targets[0] ?? new Int32Array(), rows);
  const { whitening } = steps;
  if (whitening === null) return createPreprocessing({ affine: folded, target, whitening: null });
  const affine = centred(folded, part);
  return createPreprocessing({
    affine,
    target,
    whitening: () => fitWhitening(features, rows, affine, whitening.epsilon),
  });
}
