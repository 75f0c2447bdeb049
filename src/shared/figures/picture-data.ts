import { encode } from 'fast-png';
import type { ImageMark } from './scene.ts';

/** Pixels per inch that a picture has at least, so that programs which smooth what they enlarge still show squares. */
const DENSITY = 400;
const LARGEST_FACTOR = 32;

/** A picture as PNG, each pixel enlarged to a square of whole pixels. */
export function encodePicture(mark: ImageMark): Uint8Array {
  const factor = enlargement(mark);
  const [width, height] = [mark.columns * factor, mark.rows * factor];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * mark.columns;
    for (let x = 0; x < width; x++) {
      const from = 3 * (row + Math.floor(x / factor));
      data.set(mark.pixels.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return encode({ width, height, data, depth: 8, channels: 3 });
}

function enlargement({ width, columns }: ImageMark): number {
  const wanted = ((width / 72) * DENSITY) / columns;
  return Math.max(1, Math.min(LARGEST_FACTOR, Math.ceil(wanted)));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as base64 (RFC 4648). */
export function toBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    out += b === undefined ? '=' : ALPHABET[(bits >> 6) & 63]!;
    out += c === undefined ? '=' : ALPHABET[bits & 63]!;
  }
  return out;
}
