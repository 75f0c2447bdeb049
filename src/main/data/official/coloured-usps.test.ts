import { describe, expect, it } from 'vitest';
import type { ExampleSet } from '../loaded-dataset.ts';
import { colourDigits } from './coloured-usps.ts';
import { digitColours } from './official-datasets.ts';

function greyPart(count: number): ExampleSet {
  const values = Float32Array.from({ length: count * 256 }, (_, i) => (i % 7) / 6);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  return { features: { shape: [count, 16, 16, 1], values }, targets: [labels], exampleCount: count };
}

const grey = { train: greyPart(2_000), test: greyPart(500) };
const coloured = colourDigits(grey);

/** Colour by the channels that a pixel of full ink lights, written out independently. */
const byChannels: Readonly<Record<string, string>> = {
  '255,0,0': 'red',
  '0,255,0': 'green',
  '0,0,255': 'blue',
  '255,255,0': 'yellow',
  '255,0,255': 'magenta',
};

describe('coloured USPS', () => {
  it('has images of three channels, the digits as they were, and a colour per example', () => {
    for (const part of ['train', 'test'] as const) {
      const { features, targets, exampleCount } = coloured[part];
      expect(features.shape).toEqual([exampleCount, 16, 16, 3]);
      expect(features.values).toBeInstanceOf(Uint8Array);
      expect(targets[0]).toBe(grey[part].targets[0]);
      expect(targets[1]).toHaveLength(exampleCount);
    }
  });

  it('paints every digit in the colour its label names, in the strength of its grey', () => {
    const { features, targets } = coloured.train;
    for (let row = 0; row < 50; row++) {
      const pixel = (place: number) =>
        features.values.subarray((row * 256 + place) * 3, (row * 256 + place) * 3 + 3);
      const inked = Array.from({ length: 256 }, (_, i) => i).find((i) => (row * 256 + i) % 7 === 6)!;
      expect(byChannels[pixel(inked).join()]).toBe(digitColours[targets[1]![row]!]);
      const grey128 = Array.from({ length: 256 }, (_, i) => i).find((i) => (row * 256 + i) % 7 === 3)!;
      expect(Math.max(...pixel(grey128))).toBe(128);
    }
  });

  it('uses the five colours about equally, whatever the digit', () => {
    const [digits, colours] = coloured.train.targets;
    const counts = new Array<number>(5).fill(0);
    const withDigit = new Array<number>(5).fill(0);
    colours!.forEach((colour, row) => {
      counts[colour]!++;
      if (digits![row] === 3) withDigit[colour]!++;
    });
    // 2,000 draws of 1 in 5: 400 with a standard deviation of 18; of 200 with one digit 40 and 5.7.
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(4 * 18);
    for (const count of withDigit) expect(Math.abs(count - 40)).toBeLessThan(4 * 5.7);
  });

  it('colours a dataset of one part once', () => {
    const { train, test } = colourDigits({ train: grey.train, test: grey.train });
    expect(test).toBe(train);
    expect(train).toEqual(coloured.train);
  });

  it('is the same each time, and other in train and test', () => {
    expect(colourDigits(grey)).toEqual(coloured);
    const [train, test] = [coloured.train.targets[1]!, coloured.test.targets[1]!];
    expect([...train.subarray(0, 100)]).not.toEqual([...test.subarray(0, 100)]);
  });
});
