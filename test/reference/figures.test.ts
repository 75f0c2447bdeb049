import { describe, expect, it } from 'vitest';
import { figureSpec, printOptions, type FigureSpec } from '../../src/shared/schema/figure.ts';
import { drawFigure } from '../../src/shared/figures/draw-figure.ts';
import type { Mark } from '../../src/shared/figures/scene.ts';
import { writeSvg } from '../../src/shared/figures/svg.ts';
import { textWidth } from '../../src/shared/figures/text-width.ts';
import { samples } from './figures/samples.ts';

const POINTS_PER_MM = 72 / 25.4;

function draw(figure: FigureSpec, options: Partial<ReturnType<typeof printOptions.parse>> = {}) {
  return drawFigure(figure, printOptions.parse({ caption: true, ...options }), {
    creator: 'Epoch Studio 0.0.0',
  });
}

describe('figures in print', () => {
  it('has a stored figure of every kind', () => {
    const kinds = new Set(samples.map(([, { kind }]) => kind));
    expect([...kinds].sort()).toEqual(figureSpec.options.map(({ shape }) => shape.kind.value).sort());
  });

  it.each(samples)('draws %s as it is stored', async (name, figure) => {
    await expect(writeSvg(draw(figure))).toMatchFileSnapshot(`figures/${name}.svg`);
  });

  it.each(samples)('keeps all of %s on the page at both widths', (_name, figure) => {
    for (const widthMm of [84, 174] as const) {
      const scene = draw(figure, { widthMm });
      expect(scene.width).toBeCloseTo(widthMm * POINTS_PER_MM, 9);
      for (const { left, right, top, bottom, what } of extents(scene.marks)) {
        expect(left, what).toBeGreaterThanOrEqual(-0.01);
        expect(right, what).toBeLessThanOrEqual(scene.width + 0.01);
        expect(top, what).toBeGreaterThanOrEqual(-0.01);
        expect(bottom, what).toBeLessThanOrEqual(scene.height + 0.01);
      }
    }
  });

  it.each(samples)('names the runs of %s', (_name, figure) => {
    const svg = writeSvg(draw(figure));
    for (const id of figure.runIds) expect(svg).toContain(`<dc:source>run ${id}</dc:source>`);
    expect(svg).toContain('<dc:creator>Epoch Studio 0.0.0</dc:creator>');
  });

  it('leaves heading and caption out where they are not wanted', () => {
    const [, figure] = samples[0]!;
    const bare = draw(figure, { heading: false, caption: false });
    const whole = draw(figure);
    expect(bare.height).toBeLessThan(whole.height);
    const texts = extents(bare.marks).map(({ what }) => what);
    expect(texts.some((what) => what.includes(figure.title) || what.includes('Epoch Studio'))).toBe(false);
  });

  it('writes text that is mark-up as text', () => {
    const [, figure] = samples[0]!;
    expect(writeSvg(draw(figure))).toContain('Loss &amp; accuracy &lt;of a run&gt;');
  });
});

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly what: string;
}

/** Where texts, boxes and pictures reach, in the page's points; what is clipped is as large as its clip. */
function extents(marks: readonly Mark[], dx = 0, dy = 0): Extent[] {
  return marks.flatMap((mark): Extent[] => {
    if (mark.kind === 'group') {
      if (mark.clip === null) return extents(mark.marks, dx + mark.x, dy + mark.y);
      return [boxExtent(mark.clip, dx + mark.x, dy + mark.y, 'clip')];
    }
    if (mark.kind === 'text') return [textExtent(mark, dx, dy)];
    if (mark.kind === 'rect' || mark.kind === 'image') return [boxExtent(mark, dx, dy, mark.kind)];
    return [];
  });
}

function boxExtent(
  box: { x: number; y: number; width: number; height: number },
  dx: number,
  dy: number,
  what: string,
): Extent {
  const [left, top] = [box.x + dx, box.y + dy];
  return { left, right: left + box.width, top, bottom: top + box.height, what };
}

/** The line of a text's baseline, turned as the text is. */
function textExtent(mark: Extract<Mark, { kind: 'text' }>, dx: number, dy: number): Extent {
  const width = textWidth(mark.text, mark.size, mark.bold);
  const before = mark.anchor === 'start' ? 0 : mark.anchor === 'middle' ? width / 2 : width;
  const angle = (mark.rotate * Math.PI) / 180;
  const xs = [-before, width - before].map((along) => mark.x + dx + along * Math.cos(angle));
  const ys = [-before, width - before].map((along) => mark.y + dy + along * Math.sin(angle));
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    what: `text ${mark.text}`,
  };
}
