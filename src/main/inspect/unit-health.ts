import type { ActivationKind } from '../../shared/schema/model.ts';
import type { PlannedLayer } from '../model/index.ts';

/** Outputs smaller than this count as none. */
const DEAD = 1e-6;
/** Outputs nearer to an end than this share of the activation's range are saturated. */
const NEAR_END = 0.01;

/** Units along the last axis (channels of an image) that stay at zero for all examples and positions. */
export function countDead(outputs: Float32Array, units: number): number {
  const isAlive = new Uint8Array(units);
  for (let start = 0; start < outputs.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      if (!(Math.abs(outputs[start + unit]!) < DEAD)) isAlive[unit] = 1;
    }
  }
  return isAlive.reduce((dead, alive) => dead + 1 - alive, 0);
}

/** Both ends of an activation's range, where it is bounded on both sides. */
const ranges: Partial<Record<ActivationKind, readonly [number, number]>> = {
  sigmoid: [0, 1],
  tanh: [-1, 1],
  relu6: [0, 6],
};

/**
 * Share of a layer's outputs within 1 % of its activation's range from one of its ends; null where the layer has no
 * activation bounded on both sides.
 */
export function saturatedShare(outputs: Float32Array, { spec }: PlannedLayer): number | null {
  const range = 'activation' in spec ? ranges[spec.activation] : undefined;
  if (range === undefined) return null;
  const [low, high] = range;
  const margin = NEAR_END * (high - low);
  let count = 0;
  for (const output of outputs) {
    if (output < low + margin || output > high - margin) count++;
  }
  return count / outputs.length;
}
