import { group, rect, text, type Drawing, type Mark } from './scene.ts';
import { fitText, textWidth } from './text-width.ts';
import { print } from './theme.ts';

/** An entry of a legend: its swatch, drawn in a box SWATCH_WIDTH wide around y = 0, and its name. */
export interface LegendEntry {
  readonly label: string;
  readonly swatch: readonly Mark[];
}

export const SWATCH_WIDTH = 16;
const { gap, smallSize, lineHeight } = print;
const ENTRY_GAP = 10;

/** Entries in rows as wide as a figure, outside of the data; nothing for one entry or none. */
export function drawLegend(entries: readonly LegendEntry[], width: number): Drawing {
  if (entries.length < 2) return { height: 0, marks: [] };
  const marks: Mark[] = [];
  let [x, row] = [0, 0];
  for (const { label, swatch } of entries) {
    const name = fitText(label, width - SWATCH_WIDTH - gap, smallSize);
    const reach = SWATCH_WIDTH + gap + textWidth(name, smallSize);
    if (x > 0 && x + reach > width) [x, row] = [0, row + 1];
    const middle = row * lineHeight + lineHeight / 2;
    marks.push(group({ x, y: middle }, swatch));
    marks.push(text(name, { x: x + SWATCH_WIDTH + gap, y: middle + smallSize * 0.36 }, { size: smallSize }));
    x += reach + ENTRY_GAP;
  }
  return { height: (row + 1) * lineHeight + gap, marks };
}

/** A drawing under a legend. */
export function underLegend(legend: Drawing, below: Drawing): Drawing {
  if (legend.height === 0) return below;
  return {
    height: legend.height + below.height,
    marks: [...legend.marks, group({ x: 0, y: legend.height }, below.marks)],
  };
}

/** A filled swatch, for bars and areas. */
export function boxSwatch(colour: string, outline: string): readonly Mark[] {
  const box = { x: SWATCH_WIDTH - 9, y: -3.5, width: 9, height: 7 };
  return [rect(box, { colour }, { colour: outline, width: print.thinWidth })];
}
