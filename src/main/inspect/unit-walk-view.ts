import { StudioError } from '../../shared/ipc/errors.ts';
import { INPUT_NAME } from '../model/graph.ts';
import { variableName, type PlannedLayer } from '../model/index.ts';
import type { Shape } from '../model/layers/definition.ts';
import type { OpenNet } from './open-net.ts';

/** A unit at a place of its map; row and column are 0 in a flat layer. */
export interface UnitPlace {
  readonly unit: number;
  readonly row: number;
  readonly column: number;
}

/** What a layer (or the prepared example) gives for one example, [height, width, units] or [units] flat. */
export interface LayerValues {
  /** Name of the layer; "input" for the example. */
  readonly from: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** A layer at work on one example. */
export interface LayerView {
  readonly net: OpenNet;
  readonly layer: PlannedLayer;
  readonly inputs: readonly LayerValues[];
  readonly output: LayerValues;
}

/** Height, width and units; a flat layer is a map of one place. */
export function extentOf(shape: Shape): readonly [height: number, width: number, units: number] {
  const [first = 1, second = 1, third = 1] = shape;
  return shape.length === 3 ? [first, second, third] : [1, 1, first];
}

/** The number at a place, which must lie in the map. */
export function valueAt({ shape, values }: LayerValues, { unit, row, column }: UnitPlace): number {
  const [, width, units] = extentOf(shape);
  return values[(row * width + column) * units + unit]!;
}

/** The numbers of all units at one place of the map. */
export function unitsAt({ shape, values }: LayerValues, row: number, column: number): Float32Array {
  const [, width, units] = extentOf(shape);
  const start = (row * width + column) * units;
  return values.slice(start, start + units);
}

/** The only input of a layer that has one. */
export function onlyInput({ inputs }: LayerView): LayerValues {
  return inputs[0]!;
}

/** A variable of the layer; null where it has none of that name. */
export function variableOf({ net, layer }: LayerView, name: string): Float32Array | null {
  const variable = layer.variables.find((candidate) => candidate.name === name);
  if (variable === undefined) return null;
  const whole = variableName(layer, variable);
  return net.state.find((tensor) => tensor.name === whole)?.values ?? null;
}

/** @throws StudioError `internal` where the layer has none of that name */
export function requireVariable(view: LayerView, name: string): Float32Array {
  const values = variableOf(view, name);
  if (values !== null) return values;
  throw new StudioError('internal', `unit: the net's state has no '${view.layer.name}/${name}'`);
}

/** Position in the plan -> name as walks give it. */
export function nameAt({ plan }: OpenNet, position: number): string {
  return plan.layers[position]?.name ?? INPUT_NAME;
}
