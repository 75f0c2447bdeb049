import type { LayerReach } from './layers/definition.ts';

/** What one output position sees of the input image, and how far its neighbour's view is shifted, in pixels. */
export interface ReceptiveField {
  readonly size: readonly [number, number];
  readonly jump: readonly [number, number];
}

/** Of the input itself. */
export const singlePixel: ReceptiveField = { size: [1, 1], jump: [1, 1] };

/**
 * The receptive field after one more layer: r' = r + (k - 1) j, j' = j s (Araujo, Norris and Sim, "Computing
 * receptive fields of convolutional neural networks", Distill 2019). Null once a layer has looked at everything.
 */
export function extendField(field: ReceptiveField | null, reach: LayerReach): ReceptiveField | null {
  if (field === null || reach.kind === 'global') return null;
  if (reach.kind === 'point') return field;
  const { size, strides } = reach;
  return {
    size: [field.size[0] + (size[0] - 1) * field.jump[0], field.size[1] + (size[1] - 1) * field.jump[1]],
    jump: [field.jump[0] * strides[0], field.jump[1] * strides[1]],
  };
}

/** What an output sees that comes from several branches: the largest field of them, or everything. */
export function widestField(fields: readonly (ReceptiveField | null)[]): ReceptiveField | null {
  return fields.reduce((widest, field) => {
    if (widest === null || field === null) return null;
    const larger = (of: 'size' | 'jump', side: 0 | 1) => Math.max(widest[of][side], field[of][side]);
    return { size: [larger('size', 0), larger('size', 1)], jump: [larger('jump', 0), larger('jump', 1)] };
  });
}
