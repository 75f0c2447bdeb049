import { describe, expect, it } from 'vitest';
import { decadeTicks, percentTick, plainTick } from './chart.ts';
import { cursorAt, curveDatasets, curvePoints, markerRadiusAt, type CurveChart } from './curves.ts';
import { runColour } from './palette.ts';

const theme = {
  text: '#000',
  mark: '#000',
  line: '#000',
  ground: '#fff',
  accent: '#00f',
  failed: '#f00',
  font: 'sans-serif',
  isDark: false,
};
const options = { metric: 'loss', axis: 'epoch', colour: '#0072b2', theme, logarithmic: false } as const;
const series = (split: 'train' | 'dev' | 'test', values: (number | null)[]) => ({
  split,
  metric: 'loss',
  epochs: values.map((_, i) => i + 1),
  steps: values.map((_, i) => i + 1),
  values,
});

describe('the line of the epoch looked at', () => {
  const x = { min: 0, max: 10, getPixelForValue: (value: number) => 40 + 20 * value };
  const chart = { chartArea: { top: 5, bottom: 105 }, scales: { x } } as unknown as CurveChart;

  it('stands at the epoch, or at the step where it ended', () => {
    expect(cursorAt(chart, [], 'epoch', 3)).toEqual({ left: 100, top: 5, height: 100 });
    const steps = { ...series('train', [1, 1]), steps: [4, 8] };
    expect(cursorAt(chart, [steps], 'step', 2)?.left).toBe(200);
    expect(cursorAt(chart, [steps], 'step', 0)?.left).toBe(40);
  });

  it('is not drawn where the curves do not reach', () => {
    expect(cursorAt(chart, [], 'epoch', 11)).toBeNull();
    expect(cursorAt(chart, [series('train', [1])], 'step', 2)).toBeNull();
  });
});

describe('curves', () => {
  it('leaves a gap where nothing was measured', () => {
    expect(curvePoints(series('train', [1, null, 0.5]), { logarithmic: false, axis: 'epoch' })).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: Number.NaN },
      { x: 3, y: 0.5 },
    ]);
  });

  it('leaves a gap for zero on a logarithmic axis only', () => {
    expect(curvePoints(series('train', [0]), { logarithmic: false, axis: 'epoch' })[0]!.y).toBe(0);
    expect(curvePoints(series('train', [0]), { logarithmic: true, axis: 'epoch' })[0]!.y).toBeNaN();
  });

  it('draws over steps where it is told to', () => {
    const [first] = curvePoints(
      { ...series('train', [1]), steps: [40] },
      { logarithmic: false, axis: 'step' },
    );
    expect(first).toEqual({ x: 40, y: 1 });
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

  it('takes ticks of a logarithmic axis evenly, whatever its reach', () => {
    expect(decadeTicks(0.02, 300)).toEqual([0.1, 1, 10, 100]);
    expect(decadeTicks(1e-25, 0.1)).toEqual([1e-24, 1e-20, 1e-16, 1e-12, 1e-8, 1e-4]);
    expect(decadeTicks(2, 8)).toEqual([]);
  });

  it('writes ticks without needless digits', () => {
    expect(plainTick(0.30000000000000004)).toBe('0.3');
    expect(plainTick(180_000)).toBe('180,000');
    expect(plainTick(1e-5)).toBe('1e-5');
    expect(percentTick(0.9)).toBe('90');
  });
});

/** Ground and panel of each theme, as in tokens.css. */
const grounds = [
  ['light', '#ffffff'],
  ['light', '#f6f7f9'],
  ['dark', '#14171b'],
  ['dark', '#1a1e23'],
] as const;

const coloursOf = (theme: 'light' | 'dark') =>
  new Set(Array.from({ length: 200 }, (_, i) => runColour(`0run${i}`, theme)));

/** Relative luminance of a #rrggbb colour (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe("a run's colour", () => {
  it('is always the same and spreads over the palette', () => {
    expect(runColour('01abcdefgh', 'light')).toBe(runColour('01abcdefgh', 'light'));
    expect(coloursOf('light').size).toBe(7);
    expect(coloursOf('dark').size).toBe(7);
  });

  it.each(grounds)('stands out at least 3:1 from %s ground %s', (theme, ground) => {
    for (const colour of coloursOf(theme)) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(3);
  });
});
