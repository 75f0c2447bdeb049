import { describe, expect, it } from 'vitest';
import { curveDatasets, curvePoints, markerRadiusAt, tickText } from './curves.ts';
import { runColour } from './palette.ts';

const theme = { text: '#000', line: '#000', ground: '#fff', font: 'sans-serif' };
const options = { metric: 'loss', colour: '#0072b2', theme, logarithmic: false } as const;
const series = (split: 'train' | 'dev' | 'test', values: (number | null)[]) => ({
  split,
  metric: 'loss' as const,
  epochs: values.map((_, i) => i + 1),
  steps: values.map((_, i) => i + 1),
  values,
});

describe('curves', () => {
  it('leaves a gap where nothing was measured', () => {
    expect(curvePoints(series('train', [1, null, 0.5]), false)).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: Number.NaN },
      { x: 3, y: 0.5 },
    ]);
  });

  it('leaves a gap for zero on a logarithmic axis only', () => {
    expect(curvePoints(series('train', [0]), false)[0]!.y).toBe(0);
    expect(curvePoints(series('train', [0]), true)[0]!.y).toBeNaN();
  });

  it('draws train dashed and thinner than dev, and test as markers', () => {
    const [train, dev, test] = curveDatasets(
      [series('train', [2, 1]), series('dev', [2, 1]), series('test', [1])],
      options,
    );
    expect(train!.borderDash).toHaveLength(2);
    expect(dev!.borderDash).toBeUndefined();
    expect(Number(train!.borderWidth)).toBeLessThan(Number(dev!.borderWidth));
    expect(test!.showLine).toBe(false);
    expect(new Set([train!.borderColor, dev!.borderColor, test!.borderColor]).size).toBe(1);
  });

  it('draws a lone marker large and thins many out, keeping the last', () => {
    expect(markerRadiusAt(0, 1)).toBe(6);
    const radii = Array.from({ length: 150 }, (_, i) => markerRadiusAt(i, 150));
    expect(radii.filter((radius) => radius > 0).length).toBeLessThanOrEqual(20);
    expect(radii.at(-1)).toBe(6);
  });

  it('writes ticks without needless digits', () => {
    expect(tickText(0.30000000000000004, false)).toBe('0.3');
    expect(tickText(0.9, true)).toBe('90');
  });
});

describe("a run's colour", () => {
  it('is always the same and spreads over the palette', () => {
    expect(runColour('01abcdefgh')).toBe(runColour('01abcdefgh'));
    const colours = new Set(Array.from({ length: 200 }, (_, i) => runColour(`0run${i}`)));
    expect(colours.size).toBe(7);
  });
});
