import { StudioError } from '../../../shared/ipc/errors.ts';
import type { StateTensor } from '../../engine/engine.ts';
import type { CheckpointFiles } from '../checkpoint-files.ts';
import type { Kernel } from './kernel.ts';

/** A fitted support vector classifier, one against one; all numbers are float32, as they are stored. */
export interface SvmModel extends Kernel {
  readonly features: number;
  /** Labels of the classes that the training part has, ascending. */
  readonly labels: Int32Array;
  /** Support vectors of each class, which stand one class after the other. */
  readonly counts: Int32Array;
  /** [support vectors, features] flat. */
  readonly supportVectors: Float32Array;
  /**
   * alpha y, [classes - 1, support vectors] flat: in the pair of classes i < j a vector of class i takes row j - 1, one
   * of class j takes row i (LIBSVM's sv_coef).
   */
  readonly coefficients: Float32Array;
  /** What is subtracted from each pair's sum; pairs (0, 1), (0, 2), ..., (1, 2), ... */
  readonly rho: Float32Array;
}

/** Pairs of classes i < j in the order of {@link SvmModel.rho}. */
export function classPairs(classes: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < classes; i++) for (let j = i + 1; j < classes; j++) pairs.push([i, j]);
  return pairs;
}

const KERNELS = ['linear', 'rbf'] as const;

function tensor(name: string, shape: readonly number[], values: ArrayLike<number>): StateTensor {
  return { name, role: 'parameter', shape, values: Float32Array.from(values) };
}

/** The model as tensors of a checkpoint. */
export function svmState(model: SvmModel): StateTensor[] {
  const vectors = model.supportVectors.length / model.features;
  return [
    tensor('svm/kernel', [2], [KERNELS.indexOf(model.kind), model.gamma]),
    tensor('svm/labels', [model.labels.length], model.labels),
    tensor('svm/counts', [model.counts.length], model.counts),
    tensor('svm/support-vectors', [vectors, model.features], model.supportVectors),
    tensor('svm/coefficients', [model.labels.length - 1, vectors], model.coefficients),
    tensor('svm/rho', [model.rho.length], model.rho),
  ];
}

/**
 * The inverse of {@link svmState}.
 * @throws StudioError `data-damaged` where the tensors are no support vector machine
 */
export function restoreSvm(state: readonly StateTensor[]): SvmModel {
  const find = (name: string): StateTensor => {
    const found = state.find((entry) => entry.name === `svm/${name}`);
    if (found !== undefined) return found;
    throw new StudioError(
      'data-damaged',
      `support vector machine: the checkpoint has no '${name}'; it may be a net's, or one written before the fit was over`,
      { name },
    );
  };
  const vectors = find('support-vectors');
  const [kind, gamma] = find('kernel').values;
  return {
    kind: KERNELS[kind ?? 0] ?? 'linear',
    gamma: gamma ?? 0,
    features: vectors.shape[1] ?? 0,
    labels: Int32Array.from(find('labels').values),
    counts: Int32Array.from(find('counts').values),
    supportVectors: vectors.values,
    coefficients: find('coefficients').values,
    rho: find('rho').values,
  };
}

/**
 * Reads a fitted machine from the checkpoint of its run's epoch 1.
 * @param path relative to the artifact folder
 * @throws StudioError `not-found` or `data-damaged`
 */
export async function readSvmCheckpoint(
  files: CheckpointFiles,
  path: string,
  sha256?: string,
): Promise<SvmModel> {
  return restoreSvm((await files.read(path, sha256)).state);
}
