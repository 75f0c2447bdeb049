import type { Embedding } from '../../../shared/schema/inspection.ts';
import type { HeadResult } from '../../../shared/schema/results.ts';

/** What points are coloured by. */
export type EmbeddingColour = 'class' | 'right';

/** Positions of an embedding's examples among a result's, -1 for those it lacks. */
export function positionsOf(embedding: Pick<Embedding, 'rows'>, rows: Int32Array): Int32Array {
  const largest = rows.reduce((most, row) => Math.max(most, row), -1);
  const positionOf = new Int32Array(largest + 1).fill(-1);
  rows.forEach((row, position) => (positionOf[row] = position));
  return Int32Array.from(embedding.rows, (row) => positionOf[row] ?? -1);
}

/** A group per point: class, or 0 for right and 1 for wrong; -1 where the result does not know the example. */
export function groupsOf(embedding: Embedding, head: HeadResult | null, by: EmbeddingColour): Int32Array {
  if (head?.result.kind !== 'classification') return new Int32Array(embedding.rows.length).fill(-1);
  const { rows, actual, predicted } = head.result;
  return positionsOf(embedding, rows).map((position) => {
    if (position < 0) return -1;
    return by === 'class' ? actual[position]! : Number(actual[position] !== predicted[position]);
  });
}

/** A square that holds all points, a little room around them. */
export interface Extent {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

const MARGIN = 0.04;

function around(values: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [-1, 1];
  const room = (high - low || 1) * MARGIN;
  return [low - room, high + room];
}

export function extentOf({ x, y }: Pick<Embedding, 'x' | 'y'>): Extent {
  return { x: around(x), y: around(y) };
}

/** The point nearest to a place within a reach, all in pixels of a box; -1 for none. */
export function nearestPoint(
  { x, y }: Pick<Embedding, 'x' | 'y'>,
  extent: Extent,
  box: { readonly width: number; readonly height: number },
  at: { readonly left: number; readonly top: number },
  reach: number,
): number {
  let [best, least] = [-1, reach ** 2];
  for (let point = 0; point < x.length; point++) {
    const left = ((x[point]! - extent.x[0]) / (extent.x[1] - extent.x[0])) * box.width;
    const top = (1 - (y[point]! - extent.y[0]) / (extent.y[1] - extent.y[0])) * box.height;
    const distance = (left - at.left) ** 2 + (top - at.top) ** 2;
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}
