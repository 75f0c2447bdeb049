import { contours } from 'd3-contour';
import type { ModelField } from '../../shared/schema/results.ts';

export type PlaneField = Extract<ModelField, { kind: 'plane' }>;

/** An area of the plane by its outlines and holes, in the features' own numbers. */
export interface PlaneArea {
  /** Rings of [x, y]; filled by the even-odd rule. */
  readonly rings: readonly (readonly (readonly [number, number])[])[];
  /** The number the area is at or above. */
  readonly level: number;
}

/** One channel of a field as plain numbers, [side (y), side (x)] flat. */
export function channelOf(field: PlaneField, channel: number): number[] {
  const size = field.side * field.side;
  return Array.from({ length: size }, (_, at) => field.values[at * field.channels + channel] ?? 0);
}

/**
 * By how much a class's probability is above that of every other class, [side (y), side (x)] flat: it is chosen where
 * this is positive.
 */
export function marginOf(field: PlaneField, label: number): number[] {
  const { side, channels, values } = field;
  return Array.from({ length: side * side }, (_, at) => {
    let rival = channels === 1 ? 0.5 : -Infinity;
    for (let channel = 0; channel < channels; channel++) {
      if (channel !== label) rival = Math.max(rival, values[at * channels + channel] ?? 0);
    }
    return (values[at * channels + label] ?? 0) - rival;
  });
}

/** The areas where a grid's numbers are at or above each level. */
export function areasAbove(field: PlaneField, grid: number[], levels: readonly number[]): PlaneArea[] {
  const { side } = field;
  const found = contours()
    .size([side, side])
    .thresholds([...levels])(grid);
  return found.map(({ coordinates, value }) => ({
    level: value,
    rings: coordinates
      .flat()
      .map((ring) => ring.map((place) => placeOf(field, place[0] ?? 0, place[1] ?? 0))),
  }));
}

/** The features at a place of d3-contour's grid, whose points lie at half numbers. */
function placeOf({ x, y, side }: PlaneField, column: number, row: number): readonly [number, number] {
  const along = (axis: PlaneField['x'], at: number) =>
    axis.minimum + ((at - 0.5) / (side - 1)) * (axis.maximum - axis.minimum);
  return [along(x, column), along(y, row)];
}

/** So many levels between the smallest and the largest number of a grid, ends left out. */
export function evenLevels(grid: readonly number[], count: number): number[] {
  const low = grid.reduce((least, value) => Math.min(least, value), Infinity);
  const high = grid.reduce((most, value) => Math.max(most, value), -Infinity);
  return Array.from({ length: count }, (_, index) => low + ((index + 1) / (count + 1)) * (high - low));
}
