import { describe, expect, it } from 'vitest';
import {
  colourOf,
  GREYS,
  imagePicture,
  mapPicture,
  overlay,
  ruleFor,
  SEQUENTIAL,
  SIGNED,
  tableText,
  type ColourRule,
} from './pixels.ts';

const channels = (packed: number) => [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255];

describe('the signed colours', () => {
  const rule: ColourRule = { table: SIGNED, from: -2, to: 2 };

  it('are white at zero, blue below, red above', () => {
    expect(channels(colourOf(rule, 0))).toEqual([255, 255, 255]);
    const [redBelow, , blueBelow] = channels(colourOf(rule, -1)) as [number, number, number];
    const [redAbove, , blueAbove] = channels(colourOf(rule, 1)) as [number, number, number];
    expect(blueBelow).toBeGreaterThan(redBelow);
    expect(redAbove).toBeGreaterThan(blueAbove);
  });

  it('end at their darkest and hold there', () => {
    expect(channels(colourOf(rule, -9))).toEqual(channels(colourOf(rule, -2)));
    expect(tableText(SIGNED, 0)).toBe('rgb(5 48 97)');
    expect(tableText(SIGNED, 1)).toBe('rgb(103 0 31)');
  });
});

describe('the rule of a map', () => {
  it('is signed and even about zero where there are negative numbers', () => {
    expect(ruleFor(-1, 3)).toEqual({ table: SIGNED, from: -3, to: 3 });
    expect(ruleFor(0, 3)).toEqual({ table: SEQUENTIAL, from: 0, to: 3 });
  });

  it('is viridis else, dark at zero', () => {
    expect(tableText(SEQUENTIAL, 0)).toBe('rgb(68 1 84)');
    expect(tableText(SEQUENTIAL, 1)).toBe('rgb(253 231 37)');
    expect(tableText(SEQUENTIAL, Number.NaN)).toBe('rgb(68 1 84)');
  });
});

describe('pictures', () => {
  it('are of a map, row by row', () => {
    const rule = { table: GREYS, from: 0, to: 1 };
    const picture = mapPicture(Float32Array.of(0, 1, 0.5, 0), [2, 2], rule);
    expect([picture.width, picture.height]).toEqual([2, 2]);
    expect([...picture.pixels].filter((_, at) => at % 4 === 0)).toEqual([0, 255, 128, 0]);
  });

  it('are of an image with one channel or three, and its own ends', () => {
    expect([...imagePicture(Float32Array.of(-1, 3), [1, 2, 1], -1, 3).pixels]).toEqual([
      0, 0, 0, 255, 255, 255, 255, 255,
    ]);
    expect([...imagePicture(Float32Array.of(0, 1, 0), [1, 1, 3], 0, 1).pixels]).toEqual([0, 255, 0, 255]);
  });

  it('show through a map where it says nothing, in grey', () => {
    const picture = {
      width: 2,
      height: 1,
      pixels: Uint8ClampedArray.of(100, 100, 100, 255, 0, 0, 0, 255),
    };
    const { pixels } = overlay(picture, Float32Array.of(0, 1), { table: SIGNED, from: -1, to: 1 });
    expect([...pixels.subarray(0, 4)]).toEqual([100, 100, 100, 255]);
    expect(pixels[4]).toBeGreaterThan(pixels[6]!);
  });
});
