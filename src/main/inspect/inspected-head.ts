import type { TargetInfo } from '../../shared/schema/dataset.ts';
import type { LossKind } from '../../shared/schema/loss.ts';
import type { OutputMeaning } from '../metrics/class-evidence.ts';
import type { ResolvedHead } from '../model/heads.ts';
import type { PlannedLayer } from '../model/index.ts';
import type { PreparedRun } from '../training/prepare-run.ts';

/** An output of a net or a machine, and how it is read. */
export interface InspectedHead {
  /** The head's own name, or the target's. */
  readonly name: string;
  /** Position among the dataset's targets; 0 is the main one. */
  readonly targetIndex: number;
  readonly target: TargetInfo;
  /** Numbers per example. */
  readonly outputCount: number;
  /** How the numbers speak of classes; a regression's are the prediction itself. */
  readonly meaning: OutputMeaning;
  /** Are the two outputs of a regression a mean and a number whose softplus is the variance? */
  readonly isGaussian: boolean;
}

const logitLosses: readonly LossKind[] = [
  'sparse-softmax-cross-entropy',
  'one-hot-softmax-cross-entropy',
  'binary-cross-entropy',
];

function givesProbabilities({ spec }: PlannedLayer, outputCount: number): boolean {
  const activation = 'activation' in spec ? spec.activation : 'linear';
  return activation === (outputCount === 1 ? 'sigmoid' : 'softmax');
}

/** By what the head was trained on, and how it ends. */
function meaningOf(head: ResolvedHead, layer: PlannedLayer): OutputMeaning {
  if (logitLosses.includes(head.loss)) return 'logits';
  return givesProbabilities(layer, head.outputCount) ? 'probabilities' : 'scores';
}

/** The heads of a net, in their order. */
export function headsOfNet({ plan, heads }: PreparedRun): InspectedHead[] {
  return heads.map((head) => ({
    name: head.name ?? head.targetInfo.name,
    targetIndex: head.targetIndex,
    target: head.targetInfo,
    outputCount: head.outputCount,
    meaning: meaningOf(head, plan.layers[head.layer]!),
    isGaussian: head.loss === 'gaussian-negative-log-likelihood',
  }));
}

/** The one output of a support vector machine: a margin per class of the main target. */
export function headOfMachine(target: TargetInfo): InspectedHead {
  return {
    name: target.name,
    targetIndex: 0,
    target,
    outputCount: target.classes.length,
    meaning: 'margins',
    isGaussian: false,
  };
}
