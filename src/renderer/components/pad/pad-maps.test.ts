import { describe, expect, it } from 'vitest';
import type { PadMaps } from '../../../shared/schema/inspection.ts';
import { sheetOf } from './pad-maps.ts';

/** Two maps of 1 x 2: unit 0 is [0, 255], unit 1 is [255, 255]. */
const maps: PadMaps = {
  layer: 'conv',
  shape: [1, 2, 2],
  values: Uint8Array.of(0, 255, 255, 255),
  minimum: 0,
  maximum: 3,
  order: Int32Array.of(1, 0),
};

describe('the maps of a layer', () => {
  const pixel = (sheet: ReturnType<typeof sheetOf>, at: number) =>
    new Uint32Array(sheet.picture.pixels.buffer)[at];

  it('stand side by side by unit, or the strongest first', () => {
    const byUnit = sheetOf(maps, 'units', 400);
    expect([byUnit.picture.width, byUnit.picture.height, byUnit.shown, byUnit.units]).toEqual([5, 1, 2, 2]);
    const [low, high, gap] = [pixel(byUnit, 0), pixel(byUnit, 1), pixel(byUnit, 2)];
    expect([pixel(byUnit, 3), pixel(byUnit, 4), gap]).toEqual([high, high, 0]);
    const strongest = sheetOf(maps, 'strongest', 400);
    expect([0, 1, 3, 4].map((at) => pixel(strongest, at))).toEqual([high, high, low, high]);
  });

  it('are white at zero where they go both ways', () => {
    const signed = { ...maps, minimum: -3, values: Uint8Array.of(0, 255, 128, 255) };
    expect(sheetOf(signed, 'units', 400).rule.from).toBe(-3);
  });

  it('of a flat layer are single squares, and of a large one only the first', () => {
    const flat: PadMaps = { ...maps, shape: [600], values: new Uint8Array(600), order: new Int32Array(600) };
    const sheet = sheetOf(flat, 'units', 90);
    expect([sheet.shown, sheet.units, sheet.scale]).toEqual([512, 600, 8]);
    expect(sheet.picture.width).toBeLessThanOrEqual(90 / 8);
  });
});
