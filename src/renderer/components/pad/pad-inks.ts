import type { Ink } from '../../state/pad-picture.ts';

/** A colour to draw with. */
export interface NamedInk {
  readonly name: string;
  readonly ink: Ink;
}

/** The colours of coloured USPS, and white. */
export const INKS: readonly NamedInk[] = [
  { name: 'White', ink: [255, 255, 255] },
  { name: 'Red', ink: [255, 0, 0] },
  { name: 'Green', ink: [0, 255, 0] },
  { name: 'Blue', ink: [0, 0, 255] },
  { name: 'Yellow', ink: [255, 255, 0] },
  { name: 'Magenta', ink: [255, 0, 255] },
];

/** As "#rrggbb". */
export function inkText(ink: Ink): string {
  return `#${ink.map((level) => Math.round(level).toString(16).padStart(2, '0')).join('')}`;
}

/** Of "#rrggbb"; black for another text. */
export function inkOfText(text: string): Ink {
  const value = /^#[0-9a-f]{6}$/i.test(text) ? Number.parseInt(text.slice(1), 16) : 0;
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
