import type { SingleFigure } from '../../schema/figure.ts';
import { xTitle, yTitle } from '../axes.ts';
import { inkOn, mapColour, type ColourMap } from '../colours.ts';
import { scaleBarMarks, scaleBarWidth, type ScaleBar } from '../scale-bar.ts';
import { rect, text, type Box, type Mark } from '../scene.ts';
import { fitText, textWidth } from '../text-width.ts';
import { frameLine, print } from '../theme.ts';
import { writeBrief } from '../ticks.ts';
import type { DrawnFigure } from './drawn.ts';

type MatrixFigure = Extract<SingleFigure, { kind: 'matrix' }>;

const { smallSize, textSize, lineHeight, gap } = print;
const LARGEST_CELL = 26;
const SMALLEST_TEXT = 4.5;
const LABEL_LIMIT = 64;

/** Cells coloured by their number, which is written in them where it has room. */
export function drawMatrix(figure: MatrixFigure, width: number): DrawnFigure {
  const bar = barOf(figure);
  const left = lineHeight + gap + widest(figure.rows);
  const room = width - left - scaleBarWidth(bar);
  const cell = Math.max(1, Math.min(LARGEST_CELL, room / Math.max(1, figure.columns.length)));
  const isUpright = widest(figure.columns) > cell - 1;
  const labelHeight = isUpright ? widest(figure.columns) : smallSize;
  const top = lineHeight + gap + labelHeight;
  const box = { x: left, y: top, width: cell * figure.columns.length, height: cell * figure.rows.length };
  const marks = [
    ...cellMarks(figure, box, bar),
    rect(box, null, frameLine),
    ...rowLabels(figure, box),
    ...columnLabels(figure, box, isUpright),
    ...scaleBarMarks(bar, box),
    ...xTitle(figure.columnTitle, box, textSize),
    ...yTitle(figure.rowTitle, { x: textSize, y: box.y + box.height / 2 }, box.height),
  ];
  return { legend: [], body: { height: box.y + box.height + 2, marks } };
}

function widest(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Math.min(LABEL_LIMIT, textWidth(name, smallSize))));
}

/** Numbers from zero are mapped by square root, so that a few mistakes among many examples show. */
function barOf({ values, scale, text: written }: MatrixFigure): ScaleBar {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  const low = Math.min(...known, Infinity);
  const high = Math.max(...known, -Infinity);
  const write = (value: number): string => writeValue(value, written === 'percent' ? 'percent' : 'number');
  if (known.length === 0) return { map: 'white-blue', minimum: 0, maximum: 1, write };
  if (scale === 'signed') {
    const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { map: 'signed', minimum: -reach, maximum: reach, write };
  }
  const isCount = low >= 0 && (written === 'count' || written === 'percent');
  if (!isCount) return { map: 'white-blue', minimum: low, maximum: high > low ? high : low + 1, write };
  const maximum = high > 0 ? high : 1;
  return { map: 'white-blue', minimum: 0, maximum, write, share: (value) => Math.sqrt(value / maximum) };
}

function writeValue(value: number, how: MatrixFigure['text']): string {
  if (how === 'none') return '';
  if (how === 'percent') return writeBrief(value * 100, 3);
  if (how === 'count') return writeBrief(value, 7);
  return Math.abs(value) <= 1 ? String(Number(value.toFixed(2))).replace('-', '−') : writeBrief(value, 3);
}

function colourOf(value: number, { map, minimum, maximum, share }: ScaleBar): string {
  const colourMap: ColourMap = map;
  return mapColour(colourMap, share ? share(value) : (value - minimum) / (maximum - minimum));
}

function cellMarks(figure: MatrixFigure, box: Box, bar: ScaleBar): Mark[] {
  const { rows, columns, values } = figure;
  const [cellWidth, cellHeight] = [box.width / columns.length, box.height / rows.length];
  const size = cellTextSize(figure, cellWidth);
  return rows.flatMap((_, row) =>
    columns.flatMap((_, column) => {
      const value = values[row * columns.length + column] ?? null;
      const at = { x: box.x + column * cellWidth, y: box.y + row * cellHeight };
      const ground = value === null ? print.noValue : colourOf(value, bar);
      const cell = rect({ ...at, width: cellWidth, height: cellHeight }, { colour: ground }, null);
      if (value === null || size === null || (value === 0 && figure.text !== 'number')) return [cell];
      const middle = { x: at.x + cellWidth / 2, y: at.y + cellHeight / 2 + size * 0.36 };
      return [
        cell,
        text(writeValue(value, figure.text), middle, { anchor: 'middle', size, colour: inkOn(ground) }),
      ];
    }),
  );
}

/** The largest size at which every number has room in its cell; null where that is too small to read. */
function cellTextSize({ values, text: how }: MatrixFigure, cellWidth: number): number | null {
  if (how === 'none') return null;
  const known = values.filter((value) => value !== null);
  const wide = Math.max(...known.map((value) => textWidth(writeValue(value, how), 1)), 0.01);
  const size = Math.min(smallSize, (cellWidth - 1.5) / wide);
  return size >= SMALLEST_TEXT ? size : null;
}

function rowLabels({ rows }: MatrixFigure, box: Box): Mark[] {
  const height = box.height / rows.length;
  const stride = Math.max(1, Math.ceil((smallSize + 0.5) / height));
  return rows.flatMap((name, i) => {
    if (i % stride !== 0) return [];
    const at = { x: box.x - gap / 2, y: box.y + (i + 0.5) * height + smallSize * 0.36 };
    return [text(fitText(name, LABEL_LIMIT, smallSize), at, { anchor: 'end', size: smallSize })];
  });
}

function columnLabels({ columns }: MatrixFigure, box: Box, isUpright: boolean): Mark[] {
  const width = box.width / columns.length;
  const stride = Math.max(1, Math.ceil((smallSize + 0.5) / width));
  return columns.flatMap((name, i) => {
    if (i % stride !== 0) return [];
    const x = box.x + (i + 0.5) * width;
    const label = fitText(name, LABEL_LIMIT, smallSize);
    if (!isUpright) return [text(label, { x, y: box.y - gap / 2 }, { anchor: 'middle', size: smallSize })];
    return [text(label, { x: x + smallSize * 0.36, y: box.y - gap / 2 }, { size: smallSize, rotate: -90 })];
  });
}
