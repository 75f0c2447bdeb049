import { pageSize, type GridLayout } from '../../state/explore-layout.ts';

/** Opaque pixels as 0xAABBGGRR, [height, width] flat: the order of an ImageData's bytes on every platform we run on. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint32Array<ArrayBuffer>;
}

/** A cell of a page; `values` null while its picture is being read. */
export interface PageCell {
  /** 8-bit, [height, width, channels]. */
  readonly values: Uint8Array | null;
  /** Text under it, drawn already. */
  readonly caption: Pixels | null;
  readonly noted: boolean;
  readonly wrong: boolean;
}

/** Colours as 0xAABBGGRR. */
export interface PageColours {
  readonly ground: number;
  /** Of a picture that is not there yet. */
  readonly quiet: number;
  readonly noted: number;
  readonly wrong: number;
}

const OPAQUE = 0xff000000;

/** "#rrggbb" or "#rgb" as a pixel. */
export function pixelOf(colour: string): number {
  // Style sheets are shortened when they are built: white comes as "#fff".
  const full = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour;
  const value = Number.parseInt(full.slice(1), 16);
  return (OPAQUE | ((value & 255) << 16) | (value & 0xff00) | ((value >> 16) & 255)) >>> 0;
}

/** For every pixel of a scaled side the pixel of the source it shows: the nearest. */
export function nearestMap(sourceSide: number, side: number): Uint16Array {
  return Uint16Array.from({ length: side }, (_, at) => Math.floor((at * sourceSide) / side));
}

function fillBox(
  page: Pixels,
  left: number,
  top: number,
  width: number,
  height: number,
  colour: number,
): void {
  for (let y = top; y < top + height; y++) {
    const start = y * page.width + left;
    page.data.fill(colour, start, start + width);
  }
}

/** A corner's triangle: of the top left, or of the top right. */
function markCorner(
  page: Pixels,
  left: number,
  top: number,
  side: number,
  colour: number,
  right: boolean,
): void {
  for (let y = 0; y < side; y++) {
    const start = (top + y) * page.width + left + (right ? y : 0);
    page.data.fill(colour, start, start + side - y);
  }
}

function copySprite(page: Pixels, sprite: Pixels, left: number, top: number, width: number): void {
  const shown = Math.min(width, sprite.width);
  const indent = Math.floor((width - shown) / 2);
  for (let y = 0; y < sprite.height; y++) {
    const line = sprite.data.subarray(y * sprite.width, y * sprite.width + shown);
    page.data.set(line, (top + y) * page.width + left + indent);
  }
}

/** Copies pictures of one shape into pages, scaled by the nearest pixel. */
export class PageComposer {
  readonly #layout: GridLayout;
  readonly #channels: number;
  readonly #sourceWidth: number;
  readonly #across: Uint16Array;
  readonly #down: Uint16Array;
  readonly #page: Pixels;

  constructor(layout: GridLayout, shape: readonly number[]) {
    const [height = 1, width = 1, channels = 1] = shape;
    this.#layout = layout;
    this.#channels = channels;
    this.#sourceWidth = width;
    this.#across = nearestMap(width, layout.imageWidth);
    this.#down = nearestMap(height, layout.imageHeight);
    const size = pageSize(layout);
    this.#page = { ...size, data: new Uint32Array(size.width * size.height) };
  }

  /** A page of cells from the first line on; what is left over is ground. It is overwritten by the next. */
  compose(cells: readonly PageCell[], colours: PageColours): Pixels {
    const page = this.#page;
    page.data.fill(colours.ground);
    cells.forEach((cell, place) => this.#drawCell(page, cell, place, colours));
    return page;
  }

  #drawCell(page: Pixels, cell: PageCell, place: number, colours: PageColours): void {
    const { columns, pitchX, pitchY, gap, imageWidth, imageHeight } = this.#layout;
    const left = gap + (place % columns) * pitchX;
    // Without the grid's first gap: pages follow each other line by line.
    const top = Math.floor(place / columns) * pitchY;
    if (cell.values === null) fillBox(page, left, top, imageWidth, imageHeight, colours.quiet);
    else if (this.#channels >= 3) this.#copyColour(page, cell.values, left, top);
    else this.#copyGrey(page, cell.values, left, top);
    const corner = Math.max(4, Math.round(Math.min(imageWidth, imageHeight) / 5));
    if (cell.noted) markCorner(page, left, top, corner, colours.noted, false);
    if (cell.wrong) markCorner(page, left + imageWidth - corner, top, corner, colours.wrong, true);
    if (cell.caption !== null) copySprite(page, cell.caption, left, top + imageHeight, imageWidth);
  }

  #copyGrey(page: Pixels, values: Uint8Array, left: number, top: number): void {
    const [across, down] = [this.#across, this.#down];
    for (let y = 0; y < down.length; y++) {
      const to = (top + y) * page.width + left;
      if (y > 0 && down[y] === down[y - 1]) {
        page.data.copyWithin(to, to - page.width, to - page.width + across.length);
        continue;
      }
      const from = down[y]! * this.#sourceWidth * this.#channels;
      for (let x = 0; x < across.length; x++)
        page.data[to + x] = OPAQUE | (values[from + across[x]! * this.#channels]! * 0x010101);
    }
  }

  #copyColour(page: Pixels, values: Uint8Array, left: number, top: number): void {
    const [across, down] = [this.#across, this.#down];
    for (let y = 0; y < down.length; y++) {
      const to = (top + y) * page.width + left;
      if (y > 0 && down[y] === down[y - 1]) {
        page.data.copyWithin(to, to - page.width, to - page.width + across.length);
        continue;
      }
      const line = down[y]! * this.#sourceWidth;
      for (let x = 0; x < across.length; x++) {
        const from = (line + across[x]!) * this.#channels;
        page.data[to + x] = OPAQUE | (values[from + 2]! << 16) | (values[from + 1]! << 8) | values[from]!;
      }
    }
  }
}
