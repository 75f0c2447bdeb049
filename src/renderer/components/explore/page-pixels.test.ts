import { describe, expect, it } from 'vitest';
import { layOut, pageSize } from '../../state/explore-layout.ts';
import { nearestMap, PageComposer, pixelOf, type PageCell } from './page-pixels.ts';

const colours = {
  ground: pixelOf('#ffffff'),
  quiet: pixelOf('#eceff3'),
  noted: pixelOf('#0b5cad'),
  wrong: pixelOf('#b1241c'),
};
const cell = (values: Uint8Array | null, change: Partial<PageCell> = {}): PageCell => ({
  values,
  caption: null,
  noted: false,
  wrong: false,
  ...change,
});
const layoutOf = (shape: readonly number[]) =>
  layOut({ width: 300, size: 'medium', shape, count: 40, devicePixelRatio: 1 });
const random = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 131) % 256);

/** The colour at a place, as [red, green, blue, opacity]. */
function colourAt(page: { width: number; data: Uint32Array<ArrayBuffer> }, x: number, y: number): number[] {
  return [...new Uint8Array(page.data.buffer, (y * page.width + x) * 4, 4)];
}

describe('a pixel', () => {
  it('is the colour of a style sheet, long or shortened', () => {
    expect([...new Uint8Array(Uint32Array.of(pixelOf('#0b5cad')).buffer)]).toEqual([11, 92, 173, 255]);
    expect(pixelOf('#fff')).toBe(pixelOf('#ffffff'));
  });
});

describe('a page', () => {
  it.each([
    ['grey', [28, 28, 1]],
    ['colour', [16, 16, 3]],
    ['wide', [8, 20, 3]],
  ])('shows each pixel of a %s picture by the nearest, never blurred', (_, shape) => {
    const [height = 0, width = 0, channels = 0] = shape;
    const layout = layoutOf(shape);
    const values = random(height * width * channels);
    const page = new PageComposer(layout, shape).compose([cell(null), cell(values)], colours);
    const left = layout.gap + layout.pitchX;
    for (let y = 0; y < layout.imageHeight; y++) {
      for (let x = 0; x < layout.imageWidth; x++) {
        const row = Math.floor((y * height) / layout.imageHeight);
        const column = Math.floor((x * width) / layout.imageWidth);
        const from = (row * width + column) * channels;
        const expected =
          channels === 1
            ? [values[from], values[from], values[from], 255]
            : [...values.subarray(from, from + 3), 255];
        expect(colourAt(page, left + x, y)).toEqual(expected);
      }
    }
  });

  it('has quiet tiles for pictures that are not there, and ground around', () => {
    const layout = layoutOf([28, 28, 1]);
    const page = new PageComposer(layout, [28, 28, 1]).compose([cell(null)], colours);
    const { width, height } = pageSize(layout);
    expect(page.data).toHaveLength(width * height);
    const quiet = page.data.filter((pixel) => pixel === colours.quiet).length;
    expect(quiet).toBe(layout.imageWidth * layout.imageHeight);
    expect(page.data.every((pixel) => pixel === colours.quiet || pixel === colours.ground)).toBe(true);
  });

  it('marks what is noted at the top left and what is wrong at the top right', () => {
    const layout = layoutOf([28, 28, 1]);
    const composer = new PageComposer(layout, [28, 28, 1]);
    const marked = cell(new Uint8Array(784), { noted: true, wrong: true });
    const page = composer.compose([marked], colours);
    expect(page.data[layout.gap]).toBe(colours.noted);
    expect(page.data[layout.gap + layout.imageWidth - 1]).toBe(colours.wrong);
    expect(page.data[layout.gap + layout.imageWidth / 2]).toBe(pixelOf('#000000'));
  });

  it('puts words under the picture, in the middle', () => {
    const layout = layoutOf([28, 28, 1]);
    const caption = { width: 2, height: layout.caption, data: new Uint32Array(2 * layout.caption).fill(7) };
    const page = new PageComposer(layout, [28, 28, 1]).compose([cell(null, { caption })], colours);
    const place = page.data.indexOf(7);
    expect(Math.floor(place / page.width)).toBe(layout.imageHeight);
    expect(place % page.width).toBe(layout.gap + (layout.imageWidth - 2) / 2);
  });

  it('leaves nothing of the page before it', () => {
    const layout = layoutOf([28, 28, 1]);
    const composer = new PageComposer(layout, [28, 28, 1]);
    const full = Array.from({ length: layout.pagePerCount }, () => cell(random(784)));
    composer.compose(full, colours);
    const page = composer.compose([], colours);
    expect(page.data.every((pixel) => pixel === colours.ground)).toBe(true);
  });
});

describe('the nearest pixel', () => {
  it('spreads evenly and stays inside', () => {
    expect([...nearestMap(2, 6)]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...nearestMap(6, 2)]).toEqual([0, 3]);
  });
});
