import { interpolateViridis } from 'd3-scale-chromatic';

const clampShare = (value: number): number => (value > 0 ? Math.min(1, value) : 0);

/** The viridis map (van der Walt and Smith 2015): dark violet at 0, yellow at 1, even in lightness between. */
export function viridis(share: number): string {
  return interpolateViridis(clampShare(share));
}

/** Red, green, blue from 0 to 255 of "#rrggbb". */
export function channelsOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Relative luminance of "#rrggbb" (WCAG 2.2). */
export function luminance(colour: string): number {
  const [red, green, blue] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever reads better on the colour; at least 4.5:1 on any. */
export function textOn(colour: string): '#000000' | '#ffffff' {
  return luminance(colour) > 0.179 ? '#000000' : '#ffffff';
}

/** "#rrggbb" with an opacity in [0, 1]. */
export function withAlpha(colour: string, alpha: number): string {
  const [red, green, blue] = channelsOf(colour);
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}
