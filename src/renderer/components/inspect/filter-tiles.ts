import type { LayerFilters } from '../../../shared/schema/inspection.ts';
import { colourOf, SIGNED, type ColourRule, type Picture } from '../../charts/pixels.ts';
import { columnsFor, layTiles, paintTiles, tileScale, type TileLayout } from '../../charts/tiles.ts';

/** How kernels are shown: three inputs as one colour picture, one as one signed map, more as a row of maps. */
export type FilterLook = 'rgb' | 'single' | 'per-input';

export function filterLook({ shape }: Pick<LayerFilters, 'shape'>): FilterLook {
  if (shape[2] === 3) return 'rgb';
  return shape[2] === 1 ? 'single' : 'per-input';
}

/** Zero at white, both ends as far as the larger weight. */
export function filterRule({ minimum, maximum }: Pick<LayerFilters, 'minimum' | 'maximum'>): ColourRule {
  const bound = Math.max(Math.abs(minimum), Math.abs(maximum));
  return { table: SIGNED, from: -bound, to: bound };
}

/** Pictures of kernels: which are shown, and where. */
export interface FilterTiles {
  readonly look: FilterLook;
  readonly layout: TileLayout;
  /** Output units shown, from the first; of so many. */
  readonly outputs: number;
  /** Input channels shown of each, from the first. */
  readonly inputs: number;
  /** Screen pixels per weight. */
  readonly zoom: number;
}

/** About how wide a kernel is drawn, in CSS pixels, and how far they stand apart. */
const WIDTH = { single: 44, rgb: 44, 'per-input': 20 } as const;
const GAP = 3;

/**
 * Lays out a layer's kernels. A row of maps per unit has as many columns as inputs are shown; else as many units stand
 * in a row as there is room for, in CSS pixels.
 */
export function layFilters(
  shape: LayerFilters['shape'],
  room: number,
  most: { readonly outputs: number; readonly inputs: number },
): FilterTiles {
  const look = filterLook({ shape });
  const outputs = Math.min(shape[3], most.outputs);
  const inputs = look === 'per-input' ? Math.min(shape[2], most.inputs) : 1;
  const zoom = tileScale(shape[1], WIDTH[look]);
  const [height, width] = [shape[0] * zoom, shape[1] * zoom];
  const columns = look === 'per-input' ? inputs : columnsFor(room, width, 1, GAP);
  return { look, layout: layTiles(outputs * inputs, width, height, columns, GAP), outputs, inputs, zoom };
}

/** The unit that a tile belongs to. */
export function unitOfTile({ look, inputs }: Pick<FilterTiles, 'look' | 'inputs'>, tile: number): number {
  return look === 'per-input' ? Math.floor(tile / inputs) : tile;
}

/** Paints kernels. In colour, mid-grey is zero; else white is. */
export function paintFilters(filters: LayerFilters, tiles: FilterTiles): Picture {
  const rule = filterRule(filters);
  const [, width, inputs, outputs] = filters.shape;
  const weight = (y: number, x: number, input: number, output: number) =>
    filters.values[((y * width + x) * inputs + input) * outputs + output] ?? 0;
  if (tiles.look !== 'rgb') {
    const colourAt = (tile: number, y: number, x: number) => {
      const input = tiles.look === 'per-input' ? tile % tiles.inputs : 0;
      return colourOf(rule, weight(y, x, input, unitOfTile(tiles, tile)));
    };
    return paintTiles(tiles.layout, colourAt, tiles.zoom);
  }
  const bound = rule.to || 1;
  const level = (value: number) => Math.round(127.5 * (1 + value / bound));
  const colourAt = (tile: number, y: number, x: number) => {
    const [red, green, blue] = [0, 1, 2].map((input) => level(weight(y, x, input, tile)));
    return ((255 << 24) | ((blue ?? 0) << 16) | ((green ?? 0) << 8) | (red ?? 0)) >>> 0;
  };
  return paintTiles(tiles.layout, colourAt, tiles.zoom);
}

/** A unit's kernel in words. */
export function describeFilter({ values, shape }: LayerFilters, unit: number): string {
  const outputs = shape[3];
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let at = unit; at < values.length; at += outputs) {
    sum += values[at]!;
    squares += values[at]! ** 2;
    count++;
  }
  return `unit ${unit}: mean weight ${(sum / count).toPrecision(3)}, length ${Math.sqrt(squares).toPrecision(3)}`;
}
