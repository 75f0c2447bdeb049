import type { UnitWalk } from '../../shared/schema/inspection.ts';
import type { LayerOf } from '../model/layers/definition.ts';
import { activationSteps } from './unit-walk-activation.ts';
import {
  extentOf,
  onlyInput,
  requireVariable,
  unitsAt,
  valueAt,
  type LayerValues,
  type LayerView,
  type UnitPlace,
} from './unit-walk-view.ts';

/** Batch normalisation with the running statistics. */
export function walkNormalisation(
  { epsilon }: LayerOf<'batch-norm'>,
  view: LayerView,
  place: UnitPlace,
): UnitWalk[] {
  const input = valueAt(onlyInput(view), place);
  const of = (name: string): number => requireVariable(view, name)[place.unit]!;
  const [mean, variance] = [of('runningMean'), of('runningVariance')];
  const [scale, offset] = [of('scale'), of('offset')];
  const result = ((input - mean) / Math.sqrt(variance + epsilon)) * scale + offset;
  const { name: layer } = view.layer;
  const { from } = onlyInput(view);
  return [{ kind: 'normalisation', layer, from, input, mean, variance, epsilon, scale, offset, result }];
}

/** An activation that is a layer of its own. */
export function walkActivation(
  { activation: kind, negativeSlope }: LayerOf<'activation'>,
  view: LayerView,
  place: UnitPlace,
): UnitWalk[] {
  const input = onlyInput(view);
  const step = {
    layer: view.layer.name,
    from: input.from,
    kind,
    negativeSlope,
    unit: place.unit,
    input: valueAt(input, place),
    all: () => unitsAt(input, place.row, place.column),
  };
  return kind === 'linear' ? handOn(view, input, place) : activationSteps(step);
}

/** The sum of all inputs at the same place. */
export function walkSum({ layer, inputs }: LayerView, place: UnitPlace): UnitWalk[] {
  const terms = inputs.map((input) => ({ from: input.from, value: valueAt(input, place) }));
  const result = terms.reduce((sum, { value }) => sum + value, 0);
  return [{ kind: 'sum', layer: layer.name, terms, result }];
}

function handOn({ layer }: LayerView, input: LayerValues, place: UnitPlace): UnitWalk[] {
  return [{ kind: 'pass', layer: layer.name, from: input.from, ...place, result: valueAt(input, place) }];
}

/** A number that is handed on from the same place, as dropout does at inference. */
export function walkPass(view: LayerView, place: UnitPlace): UnitWalk[] {
  return handOn(view, onlyInput(view), place);
}

/** A number of a row, at the place of the map that it was laid out from. */
export function walkFlatten(view: LayerView, { unit }: UnitPlace): UnitWalk[] {
  const input = onlyInput(view);
  const [, width, units] = extentOf(input.shape);
  const at = Math.floor(unit / units);
  return handOn(view, input, {
    unit: unit % units,
    row: Math.floor(at / width),
    column: at % width,
  });
}

/** A unit of the input that it stands in side by side with the others. */
export function walkConcatenation(view: LayerView, place: UnitPlace): UnitWalk[] {
  let { unit } = place;
  for (const input of view.inputs) {
    const [, , units] = extentOf(input.shape);
    if (unit < units) return handOn(view, input, { ...place, unit });
    unit -= units;
  }
  return [];
}
