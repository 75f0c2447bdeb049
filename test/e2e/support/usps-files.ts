import { gzipSync } from 'node:zlib';
import { openStream, type RandomStream } from '../../../src/shared/random/stream.ts';

export const USPS_SIDE = 16;
const PIXELS = USPS_SIDE * USPS_SIDE;

/** A file as USPS digits are published, and what stands in it. */
export interface UspsFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly labels: readonly number[];
  /** 1 for ink, -1 for paper, [digits, 16, 16] flat. */
  readonly ink: Int8Array;
}

/** Ink of a digit: a bar at the height of its number, under so much noise that a net mistakes some. */
function drawDigit(stream: RandomStream, label: number): number[] {
  return Array.from({ length: PIXELS }, (_, pixel) => {
    const inBar = Math.floor((10 * Math.floor(pixel / USPS_SIDE)) / USPS_SIDE) === label;
    return stream.nextUniform() < (inBar ? 0.62 : 0.4) ? 1 : -1;
  });
}

function makeFile(name: string, digits: number): UspsFile {
  const stream = openStream(1, 'generator', `e2e/${name}`);
  const labels = Array.from({ length: digits }, (_, row) => row % 10);
  const drawn = labels.map((label) => drawDigit(stream, label));
  const text = drawn.map((values, row) => `${labels[row]!} ${values.join(' ')}`).join('\n');
  return { name, bytes: gzipSync(`${text}\n`), labels, ink: Int8Array.from(drawn.flat()) };
}

/** Made-up digits in the form and in the numbers of the published files, so that they are taken for them. */
export function makeUspsFiles(): { readonly train: UspsFile; readonly test: UspsFile } {
  return { train: makeFile('zip.train.gz', 7_291), test: makeFile('zip.test.gz', 2_007) };
}
