import type { StateTensor } from '../engine/engine.ts';

/** Euclidean norm of each layer's parameters by layer name, in layer order, in float64. */
export function layerNorms(state: readonly StateTensor[]): Map<string, number> {
  const squares = new Map<string, number>();
  for (const { name, role, values } of state) {
    if (role !== 'parameter') continue;
    const layer = name.slice(0, name.lastIndexOf('/'));
    let sum = squares.get(layer) ?? 0;
    for (const value of values) sum += value * value;
    squares.set(layer, sum);
  }
  return new Map([...squares].map(([layer, sum]) => [layer, Math.sqrt(sum)]));
}

/** The first layer whose weights are not all finite, or null. */
export function firstBrokenLayer(norms: ReadonlyMap<string, number>): string | null {
  for (const [layer, norm] of norms) if (!Number.isFinite(norm)) return layer;
  return null;
}
