import type { Stroke } from './scene.ts';

/** Points in a millimetre. */
export const POINTS_PER_MM = 72 / 25.4;

/** The look of figures in print: white ground, 8 pt text, lines of 0.75 pt. */
export const print = {
  ground: '#ffffff',
  ink: '#000000',
  /** For what should step back: ticks' lines, frames. */
  quiet: '#4d4d4d',
  grid: '#e2e2e2',
  noValue: '#f2f2f2',
  textSize: 8,
  smallSize: 7,
  lineHeight: 10,
  lineWidth: 0.75,
  thinWidth: 0.5,
  tickLength: 3,
  gap: 4,
  markRadius: 1.7,
} as const;

export const inkLine: Stroke = { colour: print.ink, width: print.lineWidth };
export const frameLine: Stroke = { colour: print.quiet, width: print.thinWidth };
export const gridLine: Stroke = { colour: print.grid, width: print.thinWidth };
/** Guides such as "predicted = actual". */
export const guideLine: Stroke = { colour: print.quiet, width: print.lineWidth, dash: [4, 2.5] };

/** Height of the area that data is drawn in, for a figure of a width: flatter the wider it is. */
export function plotHeight(widthPt: number): number {
  return Math.min(0.66 * widthPt, 92 + 0.19 * widthPt);
}
