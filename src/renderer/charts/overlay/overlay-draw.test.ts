import { describe, expect, it } from 'vitest';
import type { ChartTheme } from '../chart.ts';
import { drawOverlay } from './overlay-draw.ts';
import { placeLines, type OverlayLine } from './overlay-lines.ts';

/** Words for colours, so that only lines are stroked in colours. */
const theme: ChartTheme = {
  text: 'text',
  mark: 'mark',
  line: 'line',
  ground: 'ground',
  accent: 'accent',
  failed: 'failed',
  font: 'sans-serif',
  isDark: false,
};

interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly opacity: number;
}

/** A context that takes every call and remembers how lines of a colour of their own were stroked. */
function recording(ratio: number): { context: CanvasRenderingContext2D; strokes: Stroke[] } {
  const strokes: Stroke[] = [];
  const held: Record<string, unknown> = { globalAlpha: 1, lineWidth: 1, strokeStyle: '' };
  const calls: Record<string, unknown> = {
    getTransform: () => ({ a: ratio }),
    stroke: () => {
      const colour = String(held.strokeStyle);
      if (colour.startsWith('#'))
        strokes.push({ colour, width: Number(held.lineWidth), opacity: Number(held.globalAlpha) });
    },
  };
  const context = new Proxy(held, {
    get: (_, name) => held[String(name)] ?? calls[String(name)] ?? (() => undefined),
    set: (_, name, value) => {
      held[String(name)] = value;
      return true;
    },
  });
  return { context: context as unknown as CanvasRenderingContext2D, strokes };
}

function line(index: number, split: OverlayLine['split']): OverlayLine {
  const key = `run${index}`;
  const numbers = Float64Array.of(0, 1);
  const plain = { key, id: key, label: key, split, raw: null, band: null, counts: null } as const;
  return { ...plain, colour: `#${String(index).padStart(6, '0')}`, x: numbers, y: numbers };
}

function strokesOf(
  count: number,
  ratio: number,
  split: 'train' | 'dev',
  lifted: string | null = null,
): Stroke[] {
  const { context, strokes } = recording(ratio);
  drawOverlay(context, {
    lines: placeLines(
      Array.from({ length: count }, (_, index) => line(index, split)),
      false,
    ),
    view: { x: [0, 1], y: [0, 1] },
    box: { left: 50, top: 10, width: 200, height: 100 },
    theme,
    logarithmic: false,
    titles: { x: 'Epoch', y: 'Loss' },
    tick: String,
    lifted,
  });
  return strokes;
}

describe('overlaid curves', () => {
  it('are opaque and of their full width while they are few', () => {
    expect(strokesOf(40, 1, 'dev')).toHaveLength(40);
    expect(new Set(strokesOf(40, 1, 'dev').map(({ width, opacity }) => `${width} ${opacity}`))).toEqual(
      new Set(['1.75 1']),
    );
  });

  it.each([
    { ratio: 1, split: 'dev', width: 1, opacity: 0.75 },
    { ratio: 1, split: 'train', width: 1, opacity: 0.45 },
    { ratio: 1.25, split: 'dev', width: 0.8, opacity: 0.9375 },
    { ratio: 2, split: 'dev', width: 0.5, opacity: 1 },
  ] as const)(
    'are a pixel of the screen wide in a crowd, with the ink of a wider, fainter line ($split at $ratio)',
    ({ ratio, split, width, opacity }) => {
      const strokes = strokesOf(200, ratio, split);
      expect(strokes).toHaveLength(200);
      for (const stroke of strokes) {
        expect(stroke.width).toBeCloseTo(width, 12);
        expect(stroke.opacity).toBeCloseTo(opacity, 12);
      }
    },
  );

  it('fade but for the one that is lifted, which is drawn last', () => {
    const strokes = strokesOf(200, 1, 'dev', 'run7');
    expect(strokes.at(-1)).toEqual({ colour: '#000007', width: 2.75, opacity: 1 });
    expect(Math.max(...strokes.slice(0, -1).map(({ opacity }) => opacity))).toBeCloseTo(0.175, 12);
  });
});
