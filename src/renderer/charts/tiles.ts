import type { Picture } from './pixels.ts';

/** Small pictures of one size in rows. */
export interface TileLayout {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** Of one tile. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Clear pixels between them. */
  readonly gap: number;
  /** Of all. */
  readonly width: number;
  readonly height: number;
}

/** Lays so many tiles out in so many columns. */
export function layTiles(
  count: number,
  tileWidth: number,
  tileHeight: number,
  columns: number,
  gap = 1,
): TileLayout {
  const across = Math.max(1, Math.min(count, columns));
  const rows = Math.max(1, Math.ceil(count / across));
  return {
    count,
    columns: across,
    rows,
    tileWidth,
    tileHeight,
    gap,
    width: across * (tileWidth + gap) - gap,
    height: rows * (tileHeight + gap) - gap,
  };
}

/** Left and top of a tile, in pixels of the picture. */
export function tilePlace(layout: TileLayout, tile: number): { readonly left: number; readonly top: number } {
  return {
    left: (tile % layout.columns) * (layout.tileWidth + layout.gap),
    top: Math.floor(tile / layout.columns) * (layout.tileHeight + layout.gap),
  };
}

/**
 * A picture of tiles, clear between them; `colourAt` gives packed colours.
 * @param zoom pixels along each side of what is asked for once
 */
export function paintTiles(
  layout: TileLayout,
  colourAt: (tile: number, y: number, x: number) => number,
  zoom = 1,
): Picture {
  const packed = new Uint32Array(layout.width * layout.height);
  for (let tile = 0; tile < layout.count; tile++) {
    const { left, top } = tilePlace(layout, tile);
    for (let y = 0; y * zoom < layout.tileHeight; y++) {
      const from = (top + y * zoom) * layout.width + left;
      for (let x = 0; x * zoom < layout.tileWidth; x++)
        packed.fill(colourAt(tile, y, x), from + x * zoom, from + (x + 1) * zoom);
      for (let line = 1; line < zoom; line++)
        packed.copyWithin(from + line * layout.width, from, from + layout.tileWidth);
    }
  }
  return { width: layout.width, height: layout.height, pixels: new Uint8ClampedArray(packed.buffer) };
}

/** Whole screen pixels per picture pixel, so that a tile is about as wide as wanted and never blurred. */
export function tileScale(tileWidth: number, wantedWidth: number): number {
  return Math.max(1, Math.round(wantedWidth / tileWidth));
}

/** Columns of tiles that a width has room for. */
export function columnsFor(width: number, tileWidth: number, scale: number, gap = 1): number {
  return Math.max(1, Math.floor((width / scale + gap) / (tileWidth + gap)));
}

/** The tile that an arrow key leads to; null for another key. */
export function tileByKey(
  layout: Pick<TileLayout, 'count' | 'columns'>,
  tile: number,
  key: string,
): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: tile - 1,
    ArrowRight: tile + 1,
    ArrowUp: tile - layout.columns,
    ArrowDown: tile + layout.columns,
    Home: 0,
    End: layout.count - 1,
  };
  const to = moves[key];
  if (to === undefined) return null;
  return to >= 0 && to < layout.count ? to : tile;
}
