import type { z } from 'zod';
import type { receptiveBox } from '../../shared/schema/inspection.ts';
import { INPUT } from '../model/graph.ts';
import type { ModelPlan, PlannedLayer } from '../model/index.ts';
import type { Shape } from '../model/layers/definition.ts';

/** Rows from `top` up to, but not with, `bottom`; columns likewise. Edges may lie outside of the map. */
export type Box = z.infer<typeof receptiveBox>;

function wholeOf(shape: Shape): Box {
  const [bottom = 1, right = 1] = shape.length === 3 ? shape : [1, 1];
  return { top: 0, left: 0, bottom, right };
}

/** Rows or columns of padding before the first, as TensorFlow pads: the odd one goes after the last. */
function paddingBefore(input: number, output: number, size: number, stride: number): number {
  return Math.floor(Math.max(0, (output - 1) * stride + size - input) / 2);
}

function isPadded({ spec }: PlannedLayer): boolean {
  return 'padding' in spec && spec.padding === 'same';
}

/** What a box of a layer's output looks at in its inputs, all of one size. */
export function inputBox(layer: PlannedLayer, box: Box): Box {
  const [input = []] = layer.inputShapes;
  const reach = layer.definition.reach(layer.spec);
  if (reach.kind === 'global' || layer.outputShape.length !== 3) return wholeOf(input);
  if (reach.kind === 'point') return box;
  const { size, strides } = reach;
  const start = (at: number, side: 0 | 1): number => {
    const before = isPadded(layer)
      ? paddingBefore(input[side]!, layer.outputShape[side]!, size[side], strides[side])
      : 0;
    return at * strides[side] - before;
  };
  return {
    top: start(box.top, 0),
    left: start(box.left, 1),
    bottom: start(box.bottom - 1, 0) + size[0],
    right: start(box.right - 1, 1) + size[1],
  };
}

function around(boxes: readonly Box[]): Box {
  return {
    top: Math.min(...boxes.map(({ top }) => top)),
    left: Math.min(...boxes.map(({ left }) => left)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    right: Math.max(...boxes.map(({ right }) => right)),
  };
}

/** A unit of one of a layer's inputs, by the input's place among them. */
interface UnitBelow {
  readonly place: number;
  readonly unit: number;
}

/** The one unit that a unit of a concatenation hands on. */
function joinedUnit({ inputShapes }: PlannedLayer, unit: number): UnitBelow {
  let first = 0;
  for (const [place, shape] of inputShapes.entries()) {
    const units = shape.at(-1) ?? 1;
    if (unit < first + units) return { place, unit: unit - first };
    first += units;
  }
  throw new RangeError(`a concatenation of ${first} units has no unit ${unit}`);
}

/** Layers whose unit reads the same unit of each input, and no other. */
const keepsUnits: readonly PlannedLayer['spec']['kind'][] = [
  'max-pool2d',
  'average-pool2d',
  'batch-norm',
  'dropout',
  'add',
];

/** The unit of every input that a unit reads; null for all of them. */
function unitBelow({ spec }: PlannedLayer, unit: number | null): number | null {
  const isElementwise = spec.kind === 'activation' && spec.activation !== 'softmax';
  return isElementwise || keepsUnits.includes(spec.kind) ? unit : null;
}

/**
 * The part of the net's input that a box of a layer's output sees, padding between the layers included.
 * @param unit whose box it is; null for all units
 */
function seenBox(plan: ModelPlan, index: number, box: Box, unit: number | null): Box {
  if (index === INPUT) return box;
  const layer = plan.layers[index]!;
  const below = inputBox(layer, box);
  if (layer.spec.kind === 'concatenate' && unit !== null) {
    const one = joinedUnit(layer, unit);
    return seenBox(plan, layer.inputs[one.place]!, below, one.unit);
  }
  const same = unitBelow(layer, unit);
  return around(layer.inputs.map((input) => seenBox(plan, input, below, same)));
}

/**
 * The part of the image that a layer's unit sees from a place of its map; all of it from a flat layer.
 * @param unit null for what any unit sees there: units of a concatenation see what their own branch does
 */
export function receptiveBoxOf(
  plan: ModelPlan,
  index: number,
  row: number,
  column: number,
  unit: number | null = null,
): Box {
  return seenBox(plan, index, { top: row, left: column, bottom: row + 1, right: column + 1 }, unit);
}
