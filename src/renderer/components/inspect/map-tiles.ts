import type { FeatureMaps } from '../../../shared/schema/inspection.ts';
import { colourOf, ruleFor, type ColourRule, type Picture } from '../../charts/pixels.ts';
import { paintTiles, type TileLayout } from '../../charts/tiles.ts';

/** In which order units are shown. */
export type MapOrder = 'strongest' | 'number';

/** Height and width of a unit's map; 1 by 1 for a flat layer. */
export function mapSides({ shape }: Pick<FeatureMaps, 'shape'>): readonly [number, number] {
  return shape.length === 3 ? [shape[0]!, shape[1]!] : [1, 1];
}

/** How many units a layer has. */
export function mapUnits({ shape }: Pick<FeatureMaps, 'shape'>): number {
  return shape.at(-1) ?? 0;
}

/** The units shown, at most so many. */
export function shownUnits(maps: FeatureMaps, order: MapOrder, most: number): readonly number[] {
  const count = Math.min(most, mapUnits(maps));
  if (order === 'strongest') return [...maps.order.subarray(0, count)];
  return Array.from({ length: count }, (_, unit) => unit);
}

/** One scale for all maps of a layer. */
export function mapRule({ minimum, maximum }: FeatureMaps): ColourRule {
  return ruleFor(minimum, maximum);
}

/** Paints the maps of units. */
export function paintMaps(maps: FeatureMaps, units: readonly number[], layout: TileLayout): Picture {
  const rule = mapRule(maps);
  const [, width] = mapSides(maps);
  const count = mapUnits(maps);
  return paintTiles(layout, (tile, y, x) =>
    colourOf(rule, maps.values[(y * width + x) * count + (units[tile] ?? 0)] ?? 0),
  );
}

/** A unit's map in words. */
export function describeMap(maps: FeatureMaps, unit: number): string {
  const count = mapUnits(maps);
  let sum = 0;
  let largest = -Infinity;
  let places = 0;
  for (let at = unit; at < maps.values.length; at += count) {
    sum += maps.values[at]!;
    largest = Math.max(largest, maps.values[at]!);
    places++;
  }
  if (places === 1) return `unit ${unit}: ${sum.toPrecision(4)}`;
  return `unit ${unit}: mean ${(sum / places).toPrecision(3)}, largest ${largest.toPrecision(3)}`;
}
