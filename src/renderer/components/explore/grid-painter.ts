import { cellBox, pageSize, pagesBetween, positionsOf, type GridLayout } from '../../state/explore-layout.ts';
import { PageComposer, pixelOf, type PageCell, type Pixels } from './page-pixels.ts';

/** Colours of a theme as "#rrggbb". */
export interface GridTheme {
  readonly ground: string;
  readonly quiet: string;
  readonly text: string;
  readonly failed: string;
  readonly accent: string;
  readonly font: string;
}

/** The text under a picture and whether it names a mistake. */
export interface Caption {
  readonly text: string;
  readonly wrong: boolean;
}

/** What the painter asks about the example at a position; null while its picture is being read. */
export interface GridContent {
  cell(
    position: number,
  ): { readonly values: Uint8Array; readonly caption: Caption; readonly noted: boolean } | null;
  isSelected(position: number): boolean;
  /** The pages in the order in which they are needed. */
  want(pages: readonly number[]): void;
}

/** What is seen of the grid, in CSS pixels. */
export interface Window {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pages composed in one frame at most: each takes a few milliseconds, and what is there must move on. */
const COMPOSED_PER_FRAME = 1;
/** Pages kept composed, in pixels: some 96 MB. */
const KEPT_PIXELS = 24_000_000;
/** Pages asked for ahead of those seen, the way the scrolling goes, and behind. */
const AHEAD = 6;
const BEHIND = 1;

/** Makes bitmaps of pixels on a canvas of its own, which each bitmap leaves blank behind. */
class BitmapMaker {
  readonly #canvas = new OffscreenCanvas(1, 1);
  readonly #context = this.#canvas.getContext('2d', { alpha: false });

  make({ width, height, data }: Pixels): ImageBitmap {
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context?.putImageData(new ImageData(new Uint8ClampedArray(data.buffer), width, height), 0, 0);
    return this.#canvas.transferToImageBitmap();
  }
}

/** Gives the memory of pages back at once instead of when garbage is next collected. */
function release(pages: Map<number, ImageBitmap>): void {
  for (const bitmap of pages.values()) bitmap.close();
  pages.clear();
}

/**
 * Draws a grid of pictures on a canvas of the size of its window. Whole pages of cells are composed once, kept, and
 * copied where they are scrolled to; nothing is decoded or scaled while scrolling.
 */
export class GridPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #content: GridContent;
  readonly #bitmaps = new BitmapMaker();
  #layout: GridLayout;
  #composer: PageComposer;
  #theme: GridTheme;
  /** Used last at the end. */
  readonly #pages = new Map<number, ImageBitmap>();
  readonly #captions = new Map<string, Pixels>();
  /** Pages of pictures that are not there yet, by their number of cells. */
  readonly #quiet = new Map<number, ImageBitmap>();
  /** Compose everything seen in the next frame, however long it takes. */
  #composeAll = false;
  #lastTop = 0;
  #direction = 1;

  constructor(
    canvas: HTMLCanvasElement,
    content: GridContent,
    layout: GridLayout,
    shape: readonly number[],
    theme: GridTheme,
  ) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('grid: found no 2D canvas, expected one in every browser');
    this.#canvas = canvas;
    this.#context = context;
    this.#content = content;
    this.#layout = layout;
    this.#composer = new PageComposer(layout, shape);
    this.#theme = theme;
  }

  /** Draws anew from another layout, shape or theme. */
  reset(layout: GridLayout, shape: readonly number[], theme: GridTheme): void {
    this.#layout = layout;
    this.#composer = new PageComposer(layout, shape);
    this.#theme = theme;
    this.#captions.clear();
    release(this.#quiet);
    this.forget();
  }

  /** Composes all pages anew when they are next seen: other examples, or other captions. */
  forget(): void {
    // What is seen must not turn grey for a few frames because a word under it has changed.
    this.#composeAll ||= this.#pages.size > 0;
    release(this.#pages);
  }

  /**
   * Draws what is seen.
   * @param cursor position of the cell with the cursor; null for none
   * @returns whether there is more to compose, so that it must be called again in the next frame, and whether every
   * picture that is seen is there
   */
  draw(window: Window, cursor: number | null): { readonly more: boolean; readonly complete: boolean } {
    const { ratio, gap, pageLines, pitchY } = this.#layout;
    this.#fit(window);
    if (window.top !== this.#lastTop) this.#direction = window.top > this.#lastTop ? 1 : -1;
    this.#lastTop = window.top;
    const top = Math.round(window.top * ratio);
    const [first, last] = pagesBetween(this.#layout, window.top - gap / ratio, window.height);
    const more = this.#composeSome(first, last);
    this.#context.fillStyle = this.#theme.ground;
    if (top < gap) this.#context.fillRect(0, 0, this.#canvas.width, gap - top);
    for (let page = first; page <= last; page++)
      this.#context.drawImage(this.#bitmapOf(page), 0, gap + page * pageLines * pitchY - top);
    this.#clearBelow(last, top);
    this.#drawMarks(window, top, cursor);
    this.#wantAround(first, last);
    return { more, complete: this.#isComplete(first, last) };
  }

  #isComplete(first: number, last: number): boolean {
    for (let page = first; page <= last; page++) if (!this.#pages.has(page)) return false;
    return true;
  }

  #fit({ width, height }: Window): void {
    const { ratio } = this.#layout;
    const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (this.#canvas.width !== across) this.#canvas.width = across;
    if (this.#canvas.height !== down) this.#canvas.height = down;
  }

  /** Composes pages that are seen and read, a few; true when one is left over. */
  #composeSome(first: number, last: number): boolean {
    const most = this.#composeAll ? Infinity : COMPOSED_PER_FRAME;
    this.#composeAll = false;
    let composed = 0;
    for (let page = first; page <= last; page++) {
      if (this.#pages.has(page)) continue;
      const cells = this.#cellsOf(page);
      if (cells === null) continue;
      if (composed === most) return true;
      this.#keep(page, this.#bitmaps.make(this.#composer.compose(cells, this.#colours())));
      composed++;
    }
    return false;
  }

  #colours() {
    const { ground, quiet, accent, failed } = this.#theme;
    return {
      ground: pixelOf(ground),
      quiet: pixelOf(quiet),
      noted: pixelOf(accent),
      wrong: pixelOf(failed),
    };
  }

  /** The cells of a page; null until all of them are read. */
  #cellsOf(page: number): PageCell[] | null {
    const [from, to] = positionsOf(this.#layout, page);
    const cells: PageCell[] = [];
    for (let position = from; position < to; position++) {
      const cell = this.#content.cell(position);
      if (cell === null) return null;
      const { values, caption, noted } = cell;
      cells.push({ values, caption: this.#captionOf(caption), noted, wrong: caption.wrong });
    }
    return cells;
  }

  #captionOf({ text, wrong }: Caption): Pixels | null {
    const { caption: height, imageWidth: width, ratio } = this.#layout;
    if (height === 0 || text === '') return null;
    const key = `${wrong ? '!' : ''}${text}`;
    const kept = this.#captions.get(key);
    if (kept !== undefined) return kept;
    const drawn = drawText(text, { width, height, ratio, theme: this.#theme, wrong });
    this.#captions.set(key, drawn);
    return drawn;
  }

  #keep(page: number, bitmap: ImageBitmap): void {
    this.#pages.set(page, bitmap);
    const { width, height } = pageSize(this.#layout);
    const most = Math.max(4, Math.floor(KEPT_PIXELS / (width * height)));
    for (const [old, kept] of [...this.#pages].slice(0, Math.max(0, this.#pages.size - most))) {
      kept.close();
      this.#pages.delete(old);
    }
  }

  #bitmapOf(page: number): ImageBitmap {
    const kept = this.#pages.get(page);
    if (kept === undefined) return this.#quietPage(page);
    this.#pages.delete(page);
    this.#pages.set(page, kept);
    return kept;
  }

  #quietPage(page: number): ImageBitmap {
    const [from, to] = positionsOf(this.#layout, page);
    const kept = this.#quiet.get(to - from);
    if (kept !== undefined) return kept;
    const cell: PageCell = { values: null, caption: null, noted: false, wrong: false };
    const cells = new Array<PageCell>(to - from).fill(cell);
    const drawn = this.#bitmaps.make(this.#composer.compose(cells, this.#colours()));
    this.#quiet.set(to - from, drawn);
    return drawn;
  }

  #clearBelow(last: number, top: number): void {
    const { gap, pageLines, pitchY } = this.#layout;
    const below = gap + (last + 1) * pageLines * pitchY - top;
    const beside = pageSize(this.#layout).width;
    this.#context.fillStyle = this.#theme.ground;
    this.#context.fillRect(beside, 0, this.#canvas.width - beside, this.#canvas.height);
    if (below < this.#canvas.height)
      this.#context.fillRect(0, Math.max(0, below), this.#canvas.width, this.#canvas.height - below);
  }

  #drawMarks(window: Window, top: number, cursor: number | null): void {
    const { columns, pitchY, count, ratio } = this.#layout;
    const from = Math.max(0, Math.floor((window.top * ratio) / pitchY)) * columns;
    const to = Math.min(count, (Math.floor(((window.top + window.height) * ratio) / pitchY) + 1) * columns);
    for (let position = from; position < to; position++)
      if (this.#content.isSelected(position)) this.#outline(position, top, 2, this.#theme.accent);
    if (cursor !== null && cursor >= from && cursor < to) {
      this.#outline(cursor, top, 2, this.#theme.accent);
      this.#outline(cursor, top, 1, this.#theme.text, 2);
    }
  }

  #outline(position: number, top: number, width: number, colour: string, outset = 1): void {
    const { ratio } = this.#layout;
    const box = cellBox(this.#layout, position);
    const out = outset * ratio;
    this.#context.strokeStyle = colour;
    this.#context.lineWidth = width * ratio;
    this.#context.strokeRect(
      Math.round(box.left * ratio) - out,
      Math.round(box.top * ratio) - top - out,
      box.width * ratio + 2 * out,
      box.height * ratio + 2 * out,
    );
  }

  #wantAround(first: number, last: number): void {
    const { pages } = this.#layout;
    const [near, far] = this.#direction > 0 ? [first, last] : [last, first];
    const wanted: number[] = [];
    const add = (page: number) => {
      if (page >= 0 && page < pages && !this.#pages.has(page)) wanted.push(page);
    };
    for (let step = 0; step <= last - first; step++) add(near + step * this.#direction);
    for (let step = 1; step <= AHEAD; step++) add(far + step * this.#direction);
    for (let step = 1; step <= BEHIND; step++) add(near - step * this.#direction);
    this.#content.want(wanted);
  }
}

interface TextBox {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly theme: GridTheme;
  readonly wrong: boolean;
}

/** A line of text in the middle of a box, cut with an ellipsis where it is too long. */
function drawText(text: string, { width, height, ratio, theme, wrong }: TextBox): Pixels {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return { width, height, data: new Uint32Array(width * height) };
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  context.font = `${11 * ratio}px ${theme.font}`;
  context.fillStyle = wrong ? theme.failed : theme.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > width) shown = `${shown.slice(0, -2)}…`;
  context.fillText(shown, width / 2, height / 2 + ratio / 2);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data: new Uint32Array(data.buffer) };
}
