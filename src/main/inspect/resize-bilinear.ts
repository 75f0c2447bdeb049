/** Where an output pixel lies between two input pixels of one axis. */
interface Between {
  readonly before: number;
  readonly after: number;
  /** Share of `after`. */
  readonly share: number;
}

/** Pixel centres are at half; before the first centre and after the last the end value goes on. */
function between(at: number, from: number, to: number): Between {
  const centre = Math.max(0, ((at + 0.5) * from) / to - 0.5);
  const before = Math.min(Math.floor(centre), from - 1);
  return { before, after: Math.min(before + 1, from - 1), share: centre - before };
}

/**
 * A map resized with bilinear interpolation, pixel centres aligned at half a pixel (PyTorch's `align_corners=False`).
 * @param map [from[0], from[1]] flat
 * @returns [to[0], to[1]] flat
 */
export function resizeBilinear(
  map: Float32Array,
  from: readonly [number, number],
  to: readonly [number, number],
): Float32Array<ArrayBuffer> {
  const resized = new Float32Array(to[0] * to[1]);
  const columns = Array.from({ length: to[1] }, (_, x) => between(x, from[1], to[1]));
  for (let y = 0; y < to[0]; y++) {
    const { before, after, share } = between(y, from[0], to[0]);
    const [above, below] = [before * from[1], after * from[1]];
    columns.forEach((column, x) => {
      const along = (row: number): number =>
        map[row + column.before]! * (1 - column.share) + map[row + column.after]! * column.share;
      resized[y * to[1] + x] = along(above) * (1 - share) + along(below) * share;
    });
  }
  return resized;
}
