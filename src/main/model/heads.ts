import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetInfo, TargetInfo } from '../../shared/schema/dataset.ts';
import type { LossKind } from '../../shared/schema/loss.ts';
import type { ModelSpec } from '../../shared/schema/model.ts';
import { findLayer, layerName, listNames } from './graph.ts';
import type { Shape } from './layers/definition.ts';

/** An output of the model with its place in the plan. */
export interface PlannedHead {
  /** Null for the one head of a model that names none. */
  readonly name: string | null;
  /** Position of the layer whose output it is. */
  readonly layer: number;
  /** Name of the target; null for the dataset's main one. */
  readonly target: string | null;
  /** Null for `training.loss`. */
  readonly loss: LossKind | null;
  /** Its share in the sum of losses. */
  readonly weight: number;
}

/** What is read of a model's plan. */
interface HeadedPlan {
  readonly layers: readonly { readonly outputShape: Shape }[];
  readonly heads: readonly PlannedHead[];
}

/** A head with everything that the dataset and the training decide. */
export interface ResolvedHead extends PlannedHead {
  readonly loss: LossKind;
  /** Position among the dataset's targets; 0 is the main one. */
  readonly targetIndex: number;
  readonly targetInfo: TargetInfo;
  /** Numbers the head gives per example. */
  readonly outputCount: number;
}

function headLayer(spec: ModelSpec, index: number): number {
  const head = spec.heads[index]!;
  const position = findLayer(spec.layers, head.layer);
  if (position !== null) return position;
  throw new StudioError(
    'invalid-input',
    `head '${head.name}': is the output of '${head.layer}', but no layer has that name; take one of ` +
      listNames(spec.layers.map(layerName)),
    { path: `model.heads.${index}.layer` },
  );
}

function checkHeadNames(spec: ModelSpec): void {
  const names = spec.heads.map(({ name }) => name);
  const again = names.findIndex((name, index) => names.indexOf(name) < index);
  if (again < 0) return;
  throw new StudioError(
    'invalid-input',
    `heads ${names.indexOf(names[again]!) + 1} and ${again + 1} are both called '${names[again]!}'; give one of them ` +
      'another name',
    { path: `model.heads.${again}.name` },
  );
}

/**
 * The model's outputs: the heads it names, or its last layer.
 * @throws StudioError `invalid-input` where two heads have one name or a head's layer is not known
 */
export function planHeads(spec: ModelSpec): readonly PlannedHead[] {
  checkHeadNames(spec);
  if (spec.heads.length > 0) {
    return spec.heads.map(({ name, target, loss, weight }, index) => ({
      name,
      layer: headLayer(spec, index),
      target,
      loss: loss ?? null,
      weight,
    }));
  }
  if (spec.layers.length === 0) return [];
  return [{ name: null, layer: spec.layers.length - 1, target: null, loss: null, weight: 1 }];
}

function findTarget(head: PlannedHead, index: number, info: Pick<DatasetInfo, 'name' | 'targets'>): number {
  if (head.target === null) return 0;
  const position = info.targets.findIndex(({ name }) => name === head.target);
  if (position >= 0) return position;
  throw new StudioError(
    'invalid-input',
    `head '${head.name}': predicts '${head.target}', which ${info.name} does not have; take one of ` +
      listNames(info.targets.map(({ name }) => name)),
    { path: `model.heads.${index}.target` },
  );
}

/**
 * Puts the model's heads together with what they are judged against.
 * @param trainingLoss of heads that name no loss of their own
 * @throws StudioError `invalid-input` where the dataset has no such target
 */
export function resolveHeads(
  plan: HeadedPlan,
  trainingLoss: LossKind,
  info: Pick<DatasetInfo, 'name' | 'targets'>,
): readonly ResolvedHead[] {
  return plan.heads.map((head, index) => {
    const targetIndex = findTarget(head, index, info);
    return {
      ...head,
      loss: head.loss ?? trainingLoss,
      targetIndex,
      targetInfo: info.targets[targetIndex]!,
      outputCount: plan.layers[head.layer]!.outputShape.at(-1) ?? 1,
    };
  });
}
