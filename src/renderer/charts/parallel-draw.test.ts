import { describe, expect, it } from 'vitest';
import {
  drawFaint,
  drawingOrder,
  drawKept,
  lineHeightAt,
  nearestLine,
  type ParallelLine,
} from './parallel-draw.ts';

const line = (key: string, shares: number[]): ParallelLine => ({ key, colour: '#000000', shares });

describe('lines over parallel axes', () => {
  const lines = [line('up', [0, 1, NaN]), line('flat', [0.5, 0.5, 0.5]), line('gone', [0.2, 0.2, 0.2])];
  const scene = { lines, kept: [true, true, false], columns: [0, 100, 200], top: 10, height: 100 };

  it('are straight between two axes', () => {
    expect(lineHeightAt(scene, lines[0]!, 25)).toBe(10 + 75);
    expect(lineHeightAt(scene, lines[0]!, 100)).toBe(10);
  });

  it('break where an axis has no place for them, and end at the last', () => {
    expect(lineHeightAt(scene, lines[0]!, 150)).toBeNull();
    expect(lineHeightAt(scene, lines[1]!, 250)).toBeNull();
    expect(lineHeightAt(scene, lines[1]!, -5)).toBeNull();
  });

  it('are found by the pointer, those brushed away never', () => {
    expect(nearestLine(scene, { x: 50, y: 62 }, 6)?.key).toBe('flat');
    expect(nearestLine(scene, { x: 80, y: 30 }, 6)?.key).toBe('up');
    expect(nearestLine(scene, { x: 150, y: 90 }, 6)).toBeNull();
  });
});

describe('drawing lines over parallel axes', () => {
  interface Stroke {
    readonly opacity: number;
    readonly width: number;
    readonly colour: string;
    readonly lines: number;
  }

  /** The strokes that drawing makes, each with its opacity, width in CSS pixels, colour and lines begun. */
  function strokesOf(draw: (context: CanvasRenderingContext2D) => void, ratio = 1): Stroke[] {
    const strokes: Stroke[] = [];
    let begun = 0;
    const context = {
      globalAlpha: 1,
      lineWidth: 1,
      strokeStyle: '',
      getTransform: () => ({ a: ratio }),
      beginPath: () => (begun = 0),
      moveTo: () => begun++,
      lineTo: () => undefined,
      stroke() {
        strokes.push({
          opacity: this.globalAlpha,
          width: this.lineWidth,
          colour: this.strokeStyle,
          lines: begun,
        });
      },
    };
    draw(context as unknown as CanvasRenderingContext2D);
    return strokes;
  }

  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      ...line(String(i), [0, 1]),
      colour: i % 2 ? 'red' : 'blue',
    }));
  const sceneOf = (count: number, keeps: (index: number) => boolean = () => true) => {
    const lines = many(count);
    return { lines, kept: lines.map((_, i) => keeps(i)), columns: [0, 100], top: 0, height: 100 };
  };
  const keptStrokes = (scene: ReturnType<typeof sceneOf>, most?: number, ratio?: number) =>
    strokesOf((context) => drawKept(context, scene, drawingOrder(scene.lines), most), ratio);
  const linesOf = (strokes: readonly Stroke[], colour: string) =>
    strokes.filter((stroke) => stroke.colour === colour).reduce((sum, { lines }) => sum + lines, 0);

  it('is one by one, in their order, where they are few', () => {
    const strokes = keptStrokes(sceneOf(10));
    expect(strokes).toHaveLength(10);
    expect(strokes[0]).toMatchObject({ width: 1.5, lines: 1 });
    expect(strokes.map(({ colour }) => colour)).toEqual(many(10).map(({ colour }) => colour));
  });

  it('is by colour and by single pixels of the screen in a crowd, and misses none that is kept', () => {
    const strokes = keptStrokes(
      sceneOf(2_500, (index) => index < 2_000),
      undefined,
      2,
    );
    expect(strokes.length).toBeLessThan(100);
    expect(strokes.every(({ width }) => width === 0.5)).toBe(true);
    expect([linesOf(strokes, 'red'), linesOf(strokes, 'blue')]).toEqual([1_000, 1_000]);
  });

  it('is of an even part of a crowd that moves, more plainly, the last always', () => {
    const scene = { ...sceneOf(2_000), lines: many(2_000).map((one, i) => ({ ...one, colour: String(i) })) };
    const strokes = keptStrokes(scene, 500);
    const drawn = strokes.map(({ colour }) => Number(colour));
    expect(drawn).toHaveLength(500);
    expect(drawn.at(-1)).toBe(1_999);
    expect(drawn).toEqual(Array.from({ length: 500 }, (_, i) => 3 + 4 * i));
    // Four lines of the usual opacity over each other let as much through as one of these.
    expect(strokes[0]!.opacity).toBeCloseTo(1 - (1 - 0.35) ** 4, 12);
    expect(keptStrokes(sceneOf(400), 500).reduce((sum, { lines }) => sum + lines, 0)).toBe(400);
  });

  it('lets a ground of all of them stay faint, however many', () => {
    const { lines, ...place } = sceneOf(2_500);
    const faint = strokesOf((context) => drawFaint(context, { lines, ...place }, { text: 'grey' }));
    expect(linesOf(faint, 'grey')).toBe(2_500);
    expect(faint.reduce((sum, { opacity }) => sum + opacity, 0)).toBeLessThan(0.6);
  });
});
