import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { NetInput, UnitWalk } from '../../shared/schema/inspection.ts';
import { layerNamed, layerOutputs } from './layer-outputs.ts';
import { feedInputs } from './net-input.ts';
import type { OpenNet } from './open-net.ts';
import type { PlannedLayer } from '../model/index.ts';
import { activationStep, softmaxStep } from './unit-walk-activation.ts';
import { walkConvolution, walkDense } from './unit-walk-linear.ts';
import {
  walkActivation,
  walkConcatenation,
  walkFlatten,
  walkNormalisation,
  walkPass,
  walkSum,
} from './unit-walk-point.ts';
import { walkPool } from './unit-walk-pool.ts';
import { extentOf, nameAt, unitsAt, valueAt, type LayerView, type UnitPlace } from './unit-walk-view.ts';

/** A unit, its place, and the example that it is asked about. */
export interface UnitQuestion extends UnitPlace {
  readonly layer: string;
  readonly input: NetInput;
}

function requirePlace({ name, outputShape }: PlannedLayer, { unit, row, column }: UnitPlace): void {
  const [height, width, units] = extentOf(outputShape);
  if (unit < units && row < height && column < width) return;
  throw new StudioError(
    'not-found',
    `unit: layer '${name}' has ${units} units on ${height} x ${width} places, unit ${unit} at row ${row}, column ` +
      `${column} is none of them; count from 0`,
    { layer: name, shape: [...outputShape] },
  );
}

function requireFinite(view: LayerView): void {
  if ([...view.inputs, view.output].every(({ values }) => values.every(Number.isFinite))) return;
  throw new StudioError(
    'not-a-number',
    `unit: layer '${view.layer.name}' reads or gives numbers that are not finite; look at an earlier epoch, or train ` +
      'again with a smaller learning rate',
    { layer: view.layer.name },
  );
}

/** The layer with what it reads and gives for one fed example. */
function viewLayer(net: OpenNet, layer: PlannedLayer, example: Tensor): LayerView {
  const outputs = layerOutputs(net, example, [...layer.inputs, layer.index]);
  const inputs = layer.inputs.map((position, i) => ({
    from: nameAt(net, position),
    shape: layer.inputShapes[i]!,
    values: outputs[i]!,
  }));
  const output = { from: layer.name, shape: layer.outputShape, values: outputs.at(-1)! };
  return { net, layer, inputs, output };
}

function walkLayer(view: LayerView, place: UnitPlace): UnitWalk[] {
  const { spec } = view.layer;
  switch (spec.kind) {
    case 'conv2d':
      return walkConvolution(spec, view, place);
    case 'dense':
      return walkDense(spec, view, place);
    case 'max-pool2d':
    case 'average-pool2d':
    case 'global-average-pool2d':
    case 'global-max-pool2d':
      return walkPool(spec, view, place);
    case 'batch-norm':
      return walkNormalisation(spec, view, place);
    case 'activation':
      return walkActivation(spec, view, place);
    case 'add':
      return walkSum(view, place);
    case 'concatenate':
      return walkConcatenation(view, place);
    case 'flatten':
      return walkFlatten(view, place);
    case 'dropout':
      return walkPass(view, place);
  }
}

/** How the logits of a head are read as probabilities: softmax, or sigmoid of the one output. */
function walkHead({ net, layer, output }: LayerView, { unit, row, column }: UnitPlace): UnitWalk[] {
  const position = net.plan.heads.findIndex((head) => head.layer === layer.index);
  const head = net.run.heads[position];
  if (head?.target.kind !== 'class' || head.meaning !== 'logits') return [];
  const about = { layer: layer.name, from: layer.name };
  const all = unitsAt(output, row, column);
  if (all.length > 1) return [softmaxStep(layer.name, layer.name, unit, all)];
  const input = valueAt(output, { unit, row, column });
  return [activationStep({ ...about, kind: 'sigmoid', negativeSlope: 0, input })];
}

/**
 * Lays open how one unit comes to its number at a place: what it reads, weighs and sums, its activation and, of a head
 * that gives logits, the probability that they are read as. What is read are the net's own float32 outputs; sums are in
 * float64.
 * @throws StudioError `not-found` for a layer, unit or place that is not there, `not-a-number` where numbers are not
 * finite, and as {@link feedInputs}
 */
export async function walkUnit(
  net: OpenNet,
  { layer: name, input, ...place }: UnitQuestion,
): Promise<UnitWalk[]> {
  const layer = layerNamed(net.plan, name);
  requirePlace(layer, place);
  const example = await feedInputs(net.run, [input]);
  try {
    const view = viewLayer(net, layer, example);
    requireFinite(view);
    return [...walkLayer(view, place), ...walkHead(view, place)];
  } finally {
    example.dispose();
  }
}
