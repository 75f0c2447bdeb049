import { describe, expect, it } from 'vitest';
import { luminance, textOn, viridis, withAlpha } from './colour-maps.ts';
import { classColour } from './palette.ts';

describe('the sequential map', () => {
  it('has the published ends and grows lighter all the way', () => {
    expect([viridis(0), viridis(1)]).toEqual(['#440154', '#fde725']);
    const steps = Array.from({ length: 101 }, (_, i) => luminance(viridis(i / 100)));
    expect(steps.every((value, i) => i === 0 || value >= steps[i - 1]!)).toBe(true);
  });

  it('takes what lies outside as its ends', () => {
    expect([viridis(-1), viridis(2), viridis(Number.NaN)]).toEqual([viridis(0), viridis(1), viridis(0)]);
  });

  it('takes text that stands out 4.5:1 everywhere', () => {
    for (let i = 0; i <= 255; i++) {
      const ground = luminance(viridis(i / 255));
      const text = luminance(textOn(viridis(i / 255)));
      const contrast = (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
      expect(contrast, String(i)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('colours of classes', () => {
  it.each(['light', 'dark'] as const)('are 30 different ones on %s', (theme) => {
    const colours = Array.from({ length: 30 }, (_, i) => classColour(i, theme));
    expect(new Set(colours).size).toBe(30);
    expect(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour))).toBe(true);
  });

  it('can be made see-through', () => {
    expect(withAlpha('#ff8000', 0.25)).toBe('rgb(255 128 0 / 0.25)');
  });
});
