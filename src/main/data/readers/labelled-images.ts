/** Images of one size with a class each: `values` uint8 [count, height, width, channels] flat, the caller's own. */
export interface LabelledImages {
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
  readonly values: Uint8Array;
  readonly labels: Int32Array;
}

/** Joins parts whose images are of one size, in order; one part is returned as it is. */
export function concatImages(parts: readonly [LabelledImages, ...LabelledImages[]]): LabelledImages {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const [, height, width, channels] = first.shape;
  const imageBytes = height * width * channels;
  const count = parts.reduce((sum, part) => sum + part.shape[0], 0);
  const values = new Uint8Array(count * imageBytes);
  const labels = new Int32Array(count);
  let row = 0;
  for (const part of parts) {
    values.set(part.values, row * imageBytes);
    labels.set(part.labels, row);
    row += part.shape[0];
  }
  return { shape: [count, height, width, channels], values, labels };
}
