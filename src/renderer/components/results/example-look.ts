import { plainTick } from '../../charts/chart.ts';
import type { Picture } from '../../charts/pixels.ts';
import type { ExampleValues } from '../../state/run-results-examples.ts';

/** The example as a picture, grey or in colour; null for a row of numbers. */
export function pictureOf({ shape, values }: ExampleValues): Picture | null {
  const [height, width, channels = 1] = shape;
  if (!(values instanceof Uint8Array) || height === undefined || width === undefined) return null;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = pixel * channels + (channels >= 3 ? channel : 0);
      pixels[pixel * 4 + channel] = values[from] ?? 0;
    }
    pixels[pixel * 4 + 3] = 255;
  }
  return { width, height, pixels };
}

/** A row of numbers in words, e.g. "x 0.25, y -1.5"; what goes beyond `most` is counted. */
export function rowText({ values }: ExampleValues, names: readonly string[], most = 6): string {
  const shown = [...values.subarray(0, most)].map((value, index) => {
    const name = names[index];
    return name === undefined ? plainTick(value) : `${name} ${plainTick(value)}`;
  });
  const rest = values.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
