import type { ContourGrid } from '../../shared/figures/contour-areas.ts';

type Numbers = Float64Array<ArrayBuffer>;

/** Cells whose nearest trials weigh less than this together are left out. */
const LEAST_WEIGHT = 0.05;
/** Of a uniform distribution over the axis. */
const SPREAD = 0.29;

/** Width of the kernel for so many points in the plane (Scott's rule), never finer than can be seen. */
export function kernelWidth(points: number): number {
  return Math.max(0.05, SPREAD * Math.max(1, points) ** (-1 / 6));
}

/** The values with the outermost shares on either side moved in to the ends of the rest; NaN stays. */
export function winsorised(values: Numbers, share: number): Numbers {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return values;
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]!;
  const [low, high] = [at(share), at(1 - share)];
  return values.map((value) => (Number.isNaN(value) ? value : Math.min(high, Math.max(low, value))));
}

/**
 * The mean of the values near each cell's middle, weighted by a Gaussian kernel (Nadaraya and Watson 1964). All other
 * parameters vary from trial to trial, so a mean says more than a surface through every point.
 * @param x @param y shares of the axes; a trial with NaN in any of the three is left out
 */
export function meanGrid(x: Numbers, y: Numbers, values: Numbers, size: number): ContourGrid {
  const trials: number[] = [];
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(x[i]! + y[i]! + values[i]!)) trials.push(i);
  const cells = new Float64Array(size * size).fill(Number.NaN);
  const scale = 1 / (2 * kernelWidth(trials.length) ** 2);
  const weightsOf = (shares: Numbers) =>
    trials.map((trial) =>
      Float64Array.from({ length: size }, (_, cell) =>
        Math.exp(-scale * (shares[trial]! - (cell + 0.5) / size) ** 2),
      ),
    );
  // The kernel is a product over the axes, so its exponentials are worked out once per axis.
  const [across, up] = [weightsOf(x), weightsOf(y)];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let [sum, weight] = [0, 0];
      for (let i = 0; i < trials.length; i++) {
        const own = across[i]![column]! * up[i]![row]!;
        weight += own;
        sum += own * values[trials[i]!]!;
      }
      if (weight >= LEAST_WEIGHT) cells[row * size + column] = sum / weight;
    }
  }
  return { size, cells };
}
