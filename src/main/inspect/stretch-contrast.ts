/** The value below which a share of the sorted values lies, between two of them in proportion (NumPy's default). */
function quantile(sorted: Float32Array, share: number): number {
  const place = share * (sorted.length - 1);
  const before = Math.floor(place);
  const low = sorted[before] ?? 0;
  return low + (place - before) * ((sorted[before + 1] ?? low) - low);
}

/** Values stretched so that their 1st percentile is 0 and their 99th is 1, and cut there; 0.5 where those are equal. */
export function stretchContrast(values: Float32Array): Float32Array<ArrayBuffer> {
  const sorted = Float32Array.from(values).sort();
  const [low, high] = [quantile(sorted, 0.01), quantile(sorted, 0.99)];
  if (!(high > low)) return new Float32Array(values.length).fill(0.5);
  return Float32Array.from(values, (value) => Math.min(1, Math.max(0, (value - low) / (high - low))));
}
