import { colourOf, ruleFor, type ColourRule, type Picture } from '../../charts/pixels.ts';
import { columnsFor, layTiles, paintTiles, tileScale } from '../../charts/tiles.ts';
import type { PadMaps } from '../../../shared/schema/inspection.ts';

/** In which order a layer's units stand. */
export type MapOrder = 'units' | 'strongest';

/** A layer's maps beside each other. */
export interface MapSheet {
  readonly picture: Picture;
  /** Screen pixels per picture pixel. */
  readonly scale: number;
  readonly rule: ColourRule;
  /** Units shown, and all there are. */
  readonly shown: number;
  readonly units: number;
}

/** More maps of a layer would take the screen, and the time of painting them. */
const MOST_MAPS = 64;
const MOST_FLAT = 512;
/** Width that a map is shown in, in CSS pixels; of a unit of a flat layer the second. */
const MAP_WIDTH = 36;
const FLAT_WIDTH = 8;
/** Steps of the numbers sent. */
const STEPS = 255;

/** Packed colours of the 256 steps. */
function colourSteps({ minimum, maximum }: PadMaps, rule: ColourRule): Uint32Array {
  return Uint32Array.from({ length: STEPS + 1 }, (_, step) =>
    colourOf(rule, minimum + (step / STEPS) * (maximum - minimum)),
  );
}

/**
 * Lays a layer's maps out in rows.
 * @param width that there is room for, in CSS pixels
 */
export function sheetOf(maps: PadMaps, order: MapOrder, width: number): MapSheet {
  const [height = 1, across = 1, depth] = maps.shape.length === 3 ? maps.shape : [1, 1, maps.shape[0]];
  const units = depth ?? 1;
  const isFlat = maps.shape.length !== 3;
  const shown = Math.min(units, isFlat ? MOST_FLAT : MOST_MAPS);
  const scale = tileScale(across, isFlat ? FLAT_WIDTH : MAP_WIDTH);
  const layout = layTiles(shown, across, height, columnsFor(width, across, scale));
  const rule = ruleFor(maps.minimum, maps.maximum);
  const colours = colourSteps(maps, rule);
  const picture = paintTiles(layout, (tile, y, x) => {
    const unit = order === 'strongest' ? maps.order[tile]! : tile;
    return colours[maps.values[(y * across + x) * units + unit]!]!;
  });
  return { picture, scale, rule, shown, units };
}
