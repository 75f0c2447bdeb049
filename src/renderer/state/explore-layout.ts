/** Sides in CSS pixels that cells are brought near to. */
const SIDES = { small: 28, medium: 56, large: 84, huge: 140 } as const;

export type CellSize = keyof typeof SIDES;
export const CELL_SIZES = Object.keys(SIDES) as readonly CellSize[];

/** Space between cells, and the height of a line of text under a picture, in CSS pixels. */
const GAP = 4;
const SMALL_GAP = 2;
const CAPTION = 14;
/** Pictures smaller than this have no text under them. */
const LEAST_WITH_CAPTION = 48;
/** A page holds about so many device pixels: few enough to be composed within a frame, enough to be worth a copy. */
const PAGE_PIXELS = 360_000;
/** And examples of at most so many bytes, which one answer brings. */
const PAGE_BYTES = 96 * 1_024;

/** What a layout follows from. Lengths in CSS pixels. */
export interface LayoutRequest {
  readonly width: number;
  readonly size: CellSize;
  /** Of a picture. */
  readonly shape: readonly number[];
  readonly count: number;
  readonly devicePixelRatio: number;
}

/** Where the cells of a grid are. Lengths in device pixels unless their names say CSS. */
export interface GridLayout {
  readonly columns: number;
  readonly lines: number;
  readonly count: number;
  /** The picture in a cell. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly caption: number;
  readonly gap: number;
  /** From one cell to the next. */
  readonly pitchX: number;
  readonly pitchY: number;
  /** Lines of a page: what is composed, kept and copied as one. */
  readonly pageLines: number;
  readonly pagePerCount: number;
  readonly pages: number;
  readonly ratio: number;
  /** Of the whole grid, for the scrollbar. */
  readonly heightCss: number;
}

/** A picture's longest side: a whole multiple of its pixels where one is near, so that all of them are alike. */
export function pictureSide(sourceSide: number, size: CellSize, ratio: number): number {
  const wanted = SIDES[size] * ratio;
  if (sourceSide > wanted) return Math.round(wanted);
  return sourceSide * Math.max(1, Math.round(wanted / sourceSide));
}

/** Lays so many pictures of a shape out over a width. */
export function layOut({ width, size, shape, count, devicePixelRatio: ratio }: LayoutRequest): GridLayout {
  const [height = 1, across = 1, channels = 1] = shape;
  const side = pictureSide(Math.max(height, across), size, ratio);
  const scale = side / Math.max(height, across);
  const [imageWidth, imageHeight] = [across, height].map((one) => Math.max(1, Math.round(one * scale))) as [
    number,
    number,
  ];
  const caption = side / ratio >= LEAST_WITH_CAPTION ? Math.round(CAPTION * ratio) : 0;
  const gap = Math.round((caption > 0 ? GAP : SMALL_GAP) * ratio);
  const [pitchX, pitchY] = [imageWidth + gap, imageHeight + caption + gap];
  const columns = Math.max(1, Math.floor((Math.floor(width * ratio) - gap) / pitchX));
  const lines = Math.ceil(count / columns);
  const byPixels = PAGE_PIXELS / (columns * pitchX * pitchY);
  const byBytes = PAGE_BYTES / (columns * height * across * channels);
  const pageLines = Math.max(1, Math.floor(Math.min(byPixels, byBytes)));
  return {
    columns,
    lines,
    count,
    imageWidth,
    imageHeight,
    caption,
    gap,
    pitchX,
    pitchY,
    pageLines,
    pagePerCount: pageLines * columns,
    pages: Math.ceil(lines / pageLines),
    ratio,
    heightCss: (lines * pitchY + gap) / ratio,
  };
}

/** A page's size in device pixels: its cells with the gap before each, and the last gap of a line. */
export function pageSize(layout: GridLayout): { readonly width: number; readonly height: number } {
  return { width: layout.columns * layout.pitchX + layout.gap, height: layout.pageLines * layout.pitchY };
}

/** The first and the last page that a stretch of the grid shows; the last before the first where there is none. */
export function pagesBetween(
  layout: GridLayout,
  topCss: number,
  heightCss: number,
): readonly [number, number] {
  const page = (css: number) => Math.floor((css * layout.ratio) / (layout.pitchY * layout.pageLines));
  return [Math.max(0, page(topCss)), Math.min(layout.pages - 1, page(topCss + heightCss))];
}

/** The positions of a page. */
export function positionsOf(layout: GridLayout, page: number): readonly [from: number, to: number] {
  const from = page * layout.pagePerCount;
  return [from, Math.min(layout.count, from + layout.pagePerCount)];
}

/** A cell's corner and size in CSS pixels, from the grid's top left. */
export function cellBox(layout: GridLayout, position: number) {
  const { columns, pitchX, pitchY, gap, ratio, imageWidth, imageHeight, caption } = layout;
  return {
    left: (gap + (position % columns) * pitchX) / ratio,
    top: (gap + Math.floor(position / columns) * pitchY) / ratio,
    width: imageWidth / ratio,
    height: (imageHeight + caption) / ratio,
  };
}

/** The position at a point in CSS pixels from the grid's top left; null between cells and beyond the last. */
export function positionAt(layout: GridLayout, x: number, y: number): number | null {
  const { columns, pitchX, pitchY, gap, ratio, count } = layout;
  const [across, down] = [x * ratio - gap, y * ratio - gap];
  const [column, line] = [Math.floor(across / pitchX), Math.floor(down / pitchY)];
  if (column < 0 || column >= columns || line < 0) return null;
  if (across - column * pitchX > pitchX - gap || down - line * pitchY > pitchY - gap) return null;
  const position = line * columns + column;
  return position < count ? position : null;
}

/** Where a key moves the cursor; null for one that moves nothing. `linesSeen` is how many fit the window. */
export function moveByKey(
  key: string,
  position: number,
  layout: GridLayout,
  linesSeen: number,
): number | null {
  const { columns, count } = layout;
  if (count === 0) return null;
  const page = columns * Math.max(1, linesSeen - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: page,
    PageUp: -page,
  };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const to = position + step;
  if (Math.abs(step) === 1) return Math.max(0, Math.min(count - 1, to));
  // Up and down keep to the column; from the last full line down goes to the last example.
  if (to < 0) return position % columns;
  return Math.min(count - 1, to);
}

/** Where to scroll, in CSS pixels, so that a cell is wholly seen; null where it is. */
export function scrollFor(
  layout: GridLayout,
  position: number,
  topCss: number,
  heightCss: number,
): number | null {
  const { top, height } = cellBox(layout, position);
  const gap = layout.gap / layout.ratio;
  if (top - gap < topCss) return Math.max(0, top - gap);
  const below = top + height + gap - heightCss;
  return below > topCss ? below : null;
}
