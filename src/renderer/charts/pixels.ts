import { interpolateViridis } from 'd3-scale-chromatic';

/** A picture's size in pixels and its colours, ready for a canvas. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4] flat. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Colours of shares from 0 to 1, as canvases keep them: four bytes red, green, blue and opacity. */
export type ColourTable = Uint32Array<ArrayBuffer>;

const STEPS = 511;

/** ColorBrewer's RdBu, its middle made white, dark blue first. */
const SIGNED_STOPS = ['#053061', '#2166ac', '#4393c3', '#92c5de', '#ffffff', '#f4a582', '#d6604d', '#b2182b'];

function channels(colour: string): readonly [number, number, number] {
  const hex = /^#(..)(..)(..)$/.exec(colour);
  const [red = 0, green = 0, blue = 0] = (hex?.slice(1) ?? []).map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

function tableOf(colourAt: (share: number) => readonly [number, number, number]): ColourTable {
  const bytes = new Uint8Array(STEPS * 4);
  for (let step = 0; step < STEPS; step++) bytes.set([...colourAt(step / (STEPS - 1)), 255], step * 4);
  return new Uint32Array(bytes.buffer);
}

/** Between neighbouring stops of a half: 0 is the first, 1 the last. */
function between(stops: readonly string[], share: number): readonly [number, number, number] {
  const at = share * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [channels(stops[low] ?? ''), channels(stops[low + 1] ?? '')];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

const BLUES = SIGNED_STOPS.slice(0, 5);
const REDS = [...SIGNED_STOPS.slice(4), '#67001f'];

/** Blue below zero, red above, white at zero: shares from 0 (-bound) over 0.5 (zero) to 1 (+bound). */
export const SIGNED: ColourTable = tableOf((share) =>
  share <= 0.5 ? between(BLUES, share * 2) : between(REDS, share * 2 - 1),
);

/** Viridis: dark violet at 0, yellow at 1. */
export const SEQUENTIAL: ColourTable = tableOf((share) => channels(interpolateViridis(share)));

export const GREYS: ColourTable = tableOf((share) => {
  const grey = Math.round(255 * share);
  return [grey, grey, grey];
});

/** The colour of a share, which is held to [0, 1]; what is not a number takes the first. */
export function tableColour(table: ColourTable, share: number): number {
  return table[share > 0 ? Math.min(STEPS - 1, Math.round(share * (STEPS - 1))) : 0] ?? 0;
}

/** "rgb(...)" of a share, for scale bars. */
export function tableText(table: ColourTable, share: number): string {
  const packed = tableColour(table, share);
  return `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`;
}

/** How numbers become colours. */
export interface ColourRule {
  readonly table: ColourTable;
  /** The numbers at the table's ends. */
  readonly from: number;
  readonly to: number;
}

/** Signed numbers by blue, white and red as far as the larger end; the others by viridis from their least. */
export function ruleFor(minimum: number, maximum: number): ColourRule {
  if (minimum >= 0) return { table: SEQUENTIAL, from: 0, to: maximum };
  const bound = Math.max(-minimum, maximum);
  return { table: SIGNED, from: -bound, to: bound };
}

/** Where a number lies between a rule's ends; 0 where the ends are one. */
export function shareOf({ from, to }: Pick<ColourRule, 'from' | 'to'>, value: number): number {
  return to === from ? 0 : (value - from) / (to - from);
}

/** The packed colour of a number. */
export function colourOf(rule: ColourRule, value: number): number {
  return tableColour(rule.table, shareOf(rule, value));
}

/** A map of numbers [height, width] as a picture. */
export function mapPicture(
  values: Float32Array,
  [height, width]: readonly [number, number],
  rule: ColourRule,
): Picture {
  const packed = new Uint32Array(width * height);
  for (let at = 0; at < packed.length; at++) packed[at] = colourOf(rule, values[at] ?? 0);
  return { width, height, pixels: new Uint8ClampedArray(packed.buffer) };
}

/** Numbers [height, width, 1 or 3] as a grey or coloured picture; `from` is black and `to` white. */
export function imagePicture(
  values: Float32Array,
  shape: readonly number[],
  from: number,
  to: number,
): Picture {
  const [height = 1, width = 1, depth = 1] = shape;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[at * depth + (depth >= 3 ? channel : 0)] ?? 0;
      pixels[at * 4 + channel] = 255 * shareOf({ from, to }, value);
    }
    pixels[at * 4 + 3] = 255;
  }
  return { width, height, pixels };
}

/** Most of a picture that a map laid over it hides. */
const MOST_COVER = 0.8;

/** A picture in grey with a map of the same size over it, the stronger the less of the picture is seen. */
export function overlay(picture: Picture, values: Float32Array, rule: ColourRule): Picture {
  const { width, height } = picture;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const largest = Math.max(Math.abs(rule.from), Math.abs(rule.to)) || 1;
  for (let at = 0; at < width * height; at++) {
    const value = values[at] ?? 0;
    const cover = MOST_COVER * Math.min(1, Math.abs(value) / largest);
    const packed = colourOf(rule, value);
    const [red, green, blue] = [0, 1, 2].map((channel) => picture.pixels[at * 4 + channel] ?? 0) as [
      number,
      number,
      number,
    ];
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    for (let channel = 0; channel < 3; channel++)
      pixels[at * 4 + channel] = grey * (1 - cover) + ((packed >> (8 * channel)) & 255) * cover;
    pixels[at * 4 + 3] = 255;
  }
  return { width, height, pixels };
}
