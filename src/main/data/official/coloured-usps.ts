import { openStream, type RandomStream } from '../../../shared/random/stream.ts';
import type { DatasetParts, ExampleSet } from '../loaded-dataset.ts';
import { digitColours } from './official-datasets.ts';

/** Shares of red, green and blue of each colour, in the order of {@link digitColours}. */
const channelShares: readonly (readonly [number, number, number])[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [1, 1, 0],
  [1, 0, 1],
];

/** The colours are part of the dataset: every machine and every run sees the same ones. */
const SEED = 1;

function colourPart(part: ExampleSet, stream: RandomStream): ExampleSet {
  const { exampleCount, features, targets } = part;
  const [, height = 0, width = 0] = features.shape;
  const pixels = height * width;
  const values = new Uint8Array(exampleCount * pixels * 3);
  const colours = new Int32Array(exampleCount);
  for (let row = 0; row < exampleCount; row++) {
    const colour = stream.nextInteger(digitColours.length);
    colours[row] = colour;
    const shares = channelShares[colour]!;
    for (let pixel = row * pixels; pixel < (row + 1) * pixels; pixel++) {
      const level = 255 * features.values[pixel]!;
      for (let channel = 0; channel < 3; channel++) {
        values[3 * pixel + channel] = Math.round(level * shares[channel]!);
      }
    }
  }
  return {
    features: { shape: [exampleCount, height, width, 3], values },
    targets: [targets[0]!, colours],
    exampleCount,
  };
}

/**
 * Colours grey digits: each one red, green, blue, yellow or magenta at random, its grey level in [0, 1] times the
 * colour. Features uint8 [examples, height, width, 3]; targets digit and colour. Same digits, same colours.
 */
export function colourDigits({ train, test }: DatasetParts): DatasetParts {
  const coloured = colourPart(train, openStream(SEED, 'generator', 'coloured-usps/train'));
  if (test === train) return { train: coloured, test: coloured };
  return { train: coloured, test: colourPart(test, openStream(SEED, 'generator', 'coloured-usps/test')) };
}
