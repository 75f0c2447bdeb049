import { interpolateViridis } from 'd3-scale-chromatic';

/**
 * Hues of the house (Okabe and Ito 2008) in shades that differ in lightness as well, so that the first few are still told
 * apart when a page is copied in grey.
 */
const PRINT_HUES = ['#00588f', '#d55e00', '#3fb68b', '#6d2a5b', '#eda420', '#56b4e9', '#7d7400'] as const;

/** Turns of the colour wheel between neighbours, so that no two of a few dozen are alike. */
const GOLDEN_TURN = 0.618_033_988_75;

type Rgb = readonly [number, number, number];

/** The shade of a place of the palette as "#rrggbb": listed ones first, then generated ones. */
export function printColour(index: number): string {
  const listed = PRINT_HUES[index];
  if (listed !== undefined) return listed;
  const hue = (index * GOLDEN_TURN * 360) % 360;
  return hexOfHsl(hue, 0.55, 0.42 + ((index % 3) - 1) * 0.12);
}

function hexOfHsl(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const turn = (offset + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1)));
  };
  return hexOf([channel(0), channel(8), channel(4)]);
}

/** "#rrggbb" of channels from 0 to 255. */
export function hexOf(channels: Rgb): string {
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** Red, green, blue from 0 to 255 of "#rrggbb". */
export function rgbOf(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** So much of one colour over another, from 0 to 1. */
export function blend(over: string, under: string, share: number): string {
  const [a, b] = [rgbOf(over), rgbOf(under)];
  const mix = (at: 0 | 1 | 2): number => share * a[at] + (1 - share) * b[at];
  return hexOf([mix(0), mix(1), mix(2)]);
}

/** CIE lightness L* from 0 (black) to 100 (white), which is what a grey copy keeps of a colour. */
export function lightnessOf(colour: string): number {
  const [red, green, blue] = rgbOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

/** Black or white, whichever reads better on a ground. */
export function inkOn(ground: string): string {
  return lightnessOf(ground) > 50 ? '#000000' : '#ffffff';
}

/** How numbers become colours: by their share in [0, 1] of the range. */
export type ColourMap = 'grey' | 'viridis' | 'signed' | 'white-blue';

/** Red above zero, blue below, white between: ends of ColorBrewer's RdBu. */
const SIGNED = { low: '#2166ac', middle: '#ffffff', high: '#b2182b' } as const;
const DARK_BLUE = '#08306b';

/** The colour of a share in [0, 1]; of 0.5 the middle of a signed map. What lies outside is taken as the ends. */
export function mapColour(map: ColourMap, share: number): string {
  const at = share > 0 ? Math.min(1, share) : 0;
  if (map === 'grey') return hexOf([255 * at, 255 * at, 255 * at]);
  if (map === 'viridis') return interpolateViridis(at);
  if (map === 'white-blue') return blend(DARK_BLUE, '#ffffff', at);
  return at < 0.5
    ? blend(SIGNED.low, SIGNED.middle, 1 - 2 * at)
    : blend(SIGNED.high, SIGNED.middle, 2 * at - 1);
}
