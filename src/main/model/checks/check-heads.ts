import type { DatasetInfo, TargetInfo } from '../../../shared/schema/dataset.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { ActivationKind, LayerSpec } from '../../../shared/schema/model.ts';
import type { LossKind, MetricName } from '../../../shared/schema/training.ts';
import { INPUT } from '../graph.ts';
import type { ResolvedHead } from '../heads.ts';
import { describeShape } from '../layers/definition.ts';
import type { ModelPlan, PlannedLayer } from '../plan.ts';
import type { Report } from './report.ts';

const takesLogits: readonly LossKind[] = [
  'sparse-softmax-cross-entropy',
  'one-hot-softmax-cross-entropy',
  'binary-cross-entropy',
];

function activationOf(layer: LayerSpec): ActivationKind {
  return 'activation' in layer ? layer.activation : 'linear';
}

/** The layer that gives a head's numbers, seen through layers that only lay them out or drop some. */
function decisiveLayer(plan: ModelPlan, head: ResolvedHead): PlannedLayer | null {
  let position = head.layer;
  while (position !== INPUT) {
    const layer = plan.layers[position]!;
    if (layer.spec.kind !== 'dropout' && layer.spec.kind !== 'flatten') return layer;
    position = layer.inputs[0]!;
  }
  return null;
}

function checkLastActivation(plan: ModelPlan, head: ResolvedHead, report: Report): void {
  const layer = decisiveLayer(plan, head);
  if (layer === null || !takesLogits.includes(head.loss)) return;
  const activation = activationOf(layer.spec);
  if (activation !== 'softmax' && activation !== 'sigmoid') return;
  report(
    `model.layers.${layer.index}.activation`,
    `the loss ${head.loss} applies ${head.loss === 'binary-cross-entropy' ? 'sigmoid' : 'softmax'} itself, so a last ` +
      `${activation} would be applied twice and the loss could not fall to 0; make this activation linear`,
  );
}

/** Output counts a loss accepts, or null where it does not fit the target. */
function acceptedOutputs(loss: LossKind, target: TargetInfo): readonly number[] | null {
  const isClass = target.kind === 'class';
  const classes = target.classes.length;
  switch (loss) {
    case 'sparse-softmax-cross-entropy':
    case 'one-hot-softmax-cross-entropy':
      return isClass ? [classes] : null;
    case 'binary-cross-entropy':
      return isClass && classes === 2 ? [1] : null;
    case 'mean-squared-error':
    case 'mean-absolute-error':
      if (!isClass) return [1];
      return classes === 2 ? [1, classes] : [classes];
    case 'gaussian-negative-log-likelihood':
      return isClass ? null : [2];
    default:
      return loss satisfies never;
  }
}

function describeTask(target: TargetInfo): string {
  return target.kind === 'class' ? `a classification with ${target.classes.length} classes` : 'a regression';
}

/** "Digits", or with heads "Digits, digit". */
function describeTarget(head: ResolvedHead, info: DatasetInfo): string {
  return head.name === null ? info.name : `${info.name}, ${head.targetInfo.name}`;
}

function lossPath(head: ResolvedHead, index: number): string {
  return head.name === null ? 'training.loss' : `model.heads.${index}.loss`;
}

function checkLoss(
  plan: ModelPlan,
  head: ResolvedHead,
  index: number,
  info: DatasetInfo,
  report: Report,
): void {
  const { loss, targetInfo } = head;
  const accepted = acceptedOutputs(loss, targetInfo);
  const of = describeTarget(head, info);
  if (accepted === null) {
    const wayOut =
      targetInfo.kind === 'number'
        ? 'take mean-squared-error or mean-absolute-error'
        : 'take sparse-softmax-cross-entropy';
    report(lossPath(head, index), `${loss} does not fit ${of}, ${describeTask(targetInfo)}; ${wayOut}`);
    return;
  }
  const { outputShape } = plan.layers[head.layer]!;
  if (outputShape.length === 1 && accepted.includes(head.outputCount)) return;
  const who = head.name === null ? 'the model' : `head '${head.name}'`;
  report(
    `model.layers.${head.layer}`,
    `${who} gives ${describeShape(outputShape)} numbers per example; ${loss} on ${of} needs ` +
      `${accepted.join(' or ')}: end with a dense layer of ${accepted[0]} units`,
  );
}

/** Each head's loss fits its target and its layer. */
export function checkHeads(
  plan: ModelPlan,
  heads: readonly ResolvedHead[],
  info: DatasetInfo,
  report: Report,
): void {
  heads.forEach((head, index) => {
    checkLoss(plan, head, index, info, report);
    checkLastActivation(plan, head, report);
  });
}

/** Classes that a metric needs at least; 0 for one that is measured on numbers, too. */
function classesNeeded(metric: MetricName): number {
  if (metric === 'top-5-accuracy') return 6;
  return metric === 'accuracy' ? 2 : 0;
}

/** Each metric can be measured on some head: accuracies need classes. */
export function checkMetrics(
  experiment: Experiment,
  heads: readonly ResolvedHead[],
  info: DatasetInfo,
  report: Report,
): void {
  experiment.evaluation.metrics.forEach((metric, index) => {
    const needed = classesNeeded(metric);
    if (heads.some(({ targetInfo }) => targetInfo.classes.length >= needed)) return;
    const path = `evaluation.metrics.${index}`;
    if (heads.some(({ targetInfo }) => targetInfo.kind === 'class')) {
      report(path, `${metric} is always 1 with ${needed - 1} classes or fewer; remove it`);
      return;
    }
    report(
      path,
      `${metric} needs classes and ${info.name} is a regression; take root-mean-squared-error or mean-absolute-error`,
    );
  });
}
