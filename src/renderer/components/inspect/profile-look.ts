import type { ActivationProfile, NetInput } from '../../../shared/schema/inspection.ts';
import { colourOf, ruleFor, type ColourRule, type Picture } from '../../charts/pixels.ts';

type ProfileLayer = ActivationProfile['layers'][number];

/** In which order a layer's units stand: by number, or the largest first. */
export type UnitOrder = 'number' | 'largest';

/** Smaller outputs count as none. */
const SILENT = 1e-6;

/** So many numbers evenly from one to another, ends included, as inputs of a net with one feature. */
export function lineInputs(from: number, to: number, count: number): NetInput[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: 'values',
    values: Float32Array.of(from + (i / Math.max(1, count - 1)) * (to - from)),
  }));
}

/** What a layer's units give for one of the inputs. */
export function unitsOf({ units, values }: ProfileLayer, input: number): Float32Array {
  return values.subarray(input * units, (input + 1) * units);
}

/** Units in an order; the largest first by what they give for one input, the first of equals before. */
export function orderUnits(values: Float32Array, order: UnitOrder): Int32Array {
  const units = Int32Array.from(values.keys());
  return order === 'number' ? units : units.sort((a, b) => values[b]! - values[a]! || a - b);
}

/** Least and greatest number of a layer for all inputs, with 0 between them. */
export function rangeOf({ values }: ProfileLayer): readonly [number, number] {
  return [
    values.reduce((least, value) => Math.min(least, value), 0),
    values.reduce((most, value) => Math.max(most, value), 0),
  ];
}

/** Colours of a layer's numbers. */
export function profileRule(layer: ProfileLayer): ColourRule {
  return ruleFor(...rangeOf(layer));
}

/** A pixel per unit (across) and input (down). */
export function stripPicture(layer: ProfileLayer, units: Int32Array, inputs: number): Picture {
  const rule = profileRule(layer);
  const packed = new Uint32Array(inputs * units.length);
  for (let input = 0; input < inputs; input++) {
    const values = unitsOf(layer, input);
    units.forEach((unit, x) => (packed[input * units.length + x] = colourOf(rule, values[unit]!)));
  }
  return { width: units.length, height: inputs, pixels: new Uint8ClampedArray(packed.buffer) };
}

/** Bars of the units from zero up or down, in a box of `width` by `height`. */
export function barsPath(
  values: Float32Array,
  units: Int32Array,
  [least, most]: readonly [number, number],
  width: number,
  height: number,
): string {
  const spread = most - least || 1;
  const y = (value: number) => (((most - value) / spread) * height).toFixed(2);
  const step = width / units.length;
  return [...units]
    .map(
      (unit, i) =>
        `M${(i * step).toFixed(2)} ${y(0)}V${y(values[unit]!)}h${(step * 0.86).toFixed(2)}V${y(0)}Z`,
    )
    .join('');
}

/** How many units say something. */
export function countActive(values: Float32Array): number {
  return values.reduce((count, value) => count + (Math.abs(value) < SILENT ? 0 : 1), 0);
}
