import { describe, expect, it } from 'vitest';
import { blend, inkOn, lightnessOf, mapColour, printColour } from './colours.ts';

const grey = (colours: readonly string[]): number[] => colours.map(lightnessOf);

describe('colours in print', () => {
  it('are told apart in grey, the first four of them', () => {
    const sorted = grey([0, 1, 2, 3].map(printColour)).sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThan(7);
  });

  it('stand out from white, and are all different', () => {
    const colours = Array.from({ length: 30 }, (_, i) => printColour(i));
    expect(new Set(colours).size).toBe(30);
    for (const colour of colours) expect(lightnessOf(colour)).toBeLessThan(80);
  });

  it.each(['grey', 'viridis', 'white-blue'] as const)('map %s runs one way in grey', (map) => {
    const steps = grey(Array.from({ length: 51 }, (_, i) => mapColour(map, i / 50)));
    const sign = Math.sign(steps.at(-1)! - steps[0]!);
    for (let i = 1; i < steps.length; i++)
      expect(sign * (steps[i]! - steps[i - 1]!)).toBeGreaterThanOrEqual(-0.4);
  });

  it('maps zero of a signed map to white, and its ends to blue and red', () => {
    expect(mapColour('signed', 0.5)).toBe('#ffffff');
    expect([mapColour('signed', -1), mapColour('signed', 2)]).toEqual(['#2166ac', '#b2182b']);
  });

  it('has known lightnesses', () => {
    expect(lightnessOf('#ffffff')).toBeCloseTo(100, 3);
    expect(lightnessOf('#000000')).toBe(0);
    // sRGB's middle grey (CIE 15).
    expect(lightnessOf('#777777')).toBeCloseTo(50.03, 1);
    expect(blend('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect([inkOn('#ffffff'), inkOn('#08306b')]).toEqual(['#000000', '#ffffff']);
  });
});
