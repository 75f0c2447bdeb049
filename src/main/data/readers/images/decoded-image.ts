/** What a file's header says of its picture. `channels` is 1 for grey and 3 for colour; transparency is not counted. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** A picture in memory: `values` uint8 [height, width, channels] flat. */
export interface DecodedImage extends ImageHeader {
  readonly values: Uint8Array;
}

/**
 * A picture in grey or colour. Grey becomes three equal channels; colour becomes its luma by ITU-R BT.601, rounded as
 * Pillow does.
 */
export function withChannels(image: DecodedImage, channels: 1 | 3): DecodedImage {
  if (image.channels === channels) return image;
  const pixels = image.width * image.height;
  const values = new Uint8Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (channels === 3) {
      values.fill(image.values[pixel]!, 3 * pixel, 3 * pixel + 3);
      continue;
    }
    const red = image.values[3 * pixel]!;
    const green = image.values[3 * pixel + 1]!;
    const blue = image.values[3 * pixel + 2]!;
    values[pixel] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
  }
  return { ...image, channels, values };
}
