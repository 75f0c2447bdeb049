import type { FigureAxis } from '../schema/figure.ts';
import type { Scale } from './scale.ts';
import { group, line, rect, text, type Box, type Drawing, type Mark, type Point } from './scene.ts';
import { fitText, textWidth } from './text-width.ts';
import { frameLine, gridLine, plotHeight, print } from './theme.ts';
import { powerOfTen, type Ticks } from './ticks.ts';

/** One side of a plot: its scale, title and ticks. */
export interface AxisPlan {
  readonly title: string;
  readonly scale: Scale;
  readonly ticks: Ticks;
}

/** The area that data is drawn in, and how numbers become places in it. */
export interface PlotArea extends Box {
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
}

/** A plot's data: what lies under the axes' frame, and what may reach over its edge. */
export interface PlotContent {
  /** Cut off at the edge of the area. */
  readonly marks: readonly Mark[];
  /** Not cut off, e.g. markers on the edge. */
  readonly above?: readonly Mark[];
}

export interface PlotOptions {
  readonly width: number;
  readonly x: AxisPlan;
  readonly y: AxisPlan;
  /** Height of the area; by the width when left out. */
  readonly areaHeight?: number;
  /** Height as the area's own width, for a plane whose sides are alike. */
  readonly square?: boolean;
  /** Width kept free on the right, e.g. for a colour scale. */
  readonly right?: number;
  /** Lines behind the data at the y axis's ticks. */
  readonly grid?: boolean;
  readonly content: (area: PlotArea) => PlotContent;
}

/** Side of a square; wider figures leave room on the right. */
const LARGEST_SQUARE = 210;

const { tickLength, gap, textSize, smallSize, lineHeight } = print;

/** About how many ticks have room along a length. */
function tickCount(length: number, perTick: number): number {
  return Math.max(2, Math.min(7, Math.floor(length / perTick)));
}

/** Ticks that have room along a y axis. */
export function yTickCount(height: number): number {
  return Math.max(3, tickCount(height, 26));
}

/** What an axis shows at its length in points. Titles of shares and of powers of ten name their unit. */
export function planAxis(axis: FigureAxis, scale: Scale, length: number, direction: 'x' | 'y'): AxisPlan {
  const ticks = direction === 'y' ? scale.ticks(yTickCount(length)) : roomyTicks(scale, length);
  return { title: axisTitle(axis, ticks), scale, ticks };
}

/** As many ticks as have room side by side with their numbers. */
function roomyTicks(scale: Scale, length: number): Ticks {
  for (let count = tickCount(length, 36); count > 1; count--) {
    const ticks = scale.ticks(count);
    if ((widestLabel(ticks) + 2 * gap) * ticks.major.length <= 0.85 * length) return ticks;
  }
  return scale.ticks(1);
}

function axisTitle({ title, percent }: FigureAxis, { exponent }: Ticks): string {
  const unit = percent && !title.includes('%') ? ' (%)' : '';
  return `${title}${unit}${exponent === 0 ? '' : ` (×${powerOfTen(exponent)})`}`;
}

/** A plot over two number axes with its ticks, titles and frame. */
export function drawPlot(options: PlotOptions): Drawing {
  const area = placeArea(options);
  const { marks, above = [] } = options.content(area);
  return {
    height: area.y + area.height + bottomMargin(options.x),
    marks: [
      ...(options.grid === true ? gridMarks(options.y, area) : []),
      group({ x: 0, y: 0 }, marks, area),
      ...axisLines(area),
      ...xAxisMarks(options.x, area),
      ...yAxisMarks(options.y, area),
      ...above,
    ],
  };
}

/** Where the area of a plot lies. */
export function placeArea(options: Omit<PlotOptions, 'content'>): PlotArea {
  const { x, y, width, square = false } = options;
  const left = leftMargin(y);
  const right = Math.max(overhang(x), options.right ?? 0);
  const room = Math.max(20, width - left - right);
  const areaWidth = square ? Math.min(room, LARGEST_SQUARE) : room;
  const height = square ? areaWidth : (options.areaHeight ?? plotHeight(width));
  // Half a line for the topmost number.
  const box = { x: left, y: textSize / 2, width: areaWidth, height };
  return withScales(box, x.scale, y.scale);
}

/** An area with its two scales. */
export function withScales(box: Box, x: Scale, y: Scale): PlotArea {
  return {
    ...box,
    toX: (value) => box.x + x.share(value) * box.width,
    toY: (value) => box.y + box.height - y.share(value) * box.height,
  };
}

function widestLabel({ major }: Ticks): number {
  return Math.max(0, ...major.map(({ label }) => textWidth(label, smallSize)));
}

function leftMargin({ title, ticks }: AxisPlan): number {
  return (title === '' ? 0 : lineHeight) + widestLabel(ticks) + gap / 2 + tickLength + 1;
}

function bottomMargin({ title }: AxisPlan): number {
  return tickLength + gap / 2 + smallSize + (title === '' ? 1 : lineHeight + 2);
}

/** How far the last number reaches over the area's end. */
function overhang({ ticks, scale }: AxisPlan): number {
  const last = ticks.major.at(-1);
  if (last === undefined || scale.share(last.value) < 0.9) return 2;
  return textWidth(last.label, smallSize) / 2 + 1;
}

function gridMarks({ ticks }: AxisPlan, area: PlotArea): Mark[] {
  return ticks.major.map(({ value }) => {
    const y = area.toY(value);
    return line({ x: area.x, y }, { x: area.x + area.width, y }, gridLine);
  });
}

/** The two axes' lines. */
function axisLines(area: Box): Mark[] {
  const foot = { x: area.x, y: area.y + area.height };
  return [
    line({ x: area.x, y: area.y }, foot, frameLine),
    line(foot, { x: area.x + area.width, y: foot.y }, frameLine),
  ];
}

/** A frame all around, for planes. */
export function frame(area: Box): Mark {
  return rect(area, null, frameLine);
}

function xAxisMarks({ title, ticks }: AxisPlan, area: PlotArea): Mark[] {
  const foot = area.y + area.height;
  const tick = (value: number, length: number): Mark => {
    const x = area.toX(value);
    return line({ x, y: foot }, { x, y: foot + length }, frameLine);
  };
  const below = foot + tickLength + gap / 2 + smallSize - 1.5;
  const labels = apartLabels(ticks.major, area).map(({ value, label }) =>
    text(label, { x: area.toX(value), y: below }, { anchor: 'middle', size: smallSize }),
  );
  return [
    ...ticks.major.map(({ value }) => tick(value, tickLength)),
    ...ticks.minor.map((value) => tick(value, tickLength / 2)),
    ...labels,
    ...xTitle(title, area, below + lineHeight + 1),
  ];
}

/** Every label, or every other (third ...) one where they would touch. */
function apartLabels(major: Ticks['major'], area: PlotArea): Ticks['major'] {
  for (let stride = 1; stride < major.length; stride++) {
    const kept = major.filter((_, i) => i % stride === 0);
    const fits = kept.every((tick, i) => {
      const next = kept[i + 1];
      if (next === undefined) return true;
      const room = Math.abs(area.toX(next.value) - area.toX(tick.value));
      return room >= (textWidth(tick.label, smallSize) + textWidth(next.label, smallSize)) / 2 + gap;
    });
    if (fits) return kept;
  }
  return major.slice(0, 1);
}

/** An x axis's title under the middle of its area; `y` is its baseline. */
export function xTitle(title: string, area: Box, y: number): Mark[] {
  if (title === '') return [];
  const fitted = fitText(title, area.width + 40, textSize);
  return [text(fitted, { x: area.x + area.width / 2, y }, { anchor: 'middle' })];
}

function yAxisMarks({ title, ticks }: AxisPlan, area: PlotArea): Mark[] {
  const tick = (value: number, length: number): Mark => {
    const y = area.toY(value);
    return line({ x: area.x - length, y }, { x: area.x, y }, frameLine);
  };
  const labels = ticks.major.map(({ value, label }) =>
    text(
      label,
      { x: area.x - tickLength - gap / 2, y: area.toY(value) + smallSize * 0.36 },
      { anchor: 'end', size: smallSize },
    ),
  );
  return [
    ...ticks.major.map(({ value }) => tick(value, tickLength)),
    ...ticks.minor.map((value) => tick(value, tickLength / 2)),
    ...labels,
    ...yTitle(title, { x: textSize - 0.5, y: area.y + area.height / 2 }, area.height),
  ];
}

/** A y axis's title, read from below; `at` is the middle of its baseline. */
export function yTitle(title: string, at: Point, length: number): Mark[] {
  if (title === '') return [];
  const fitted = fitText(title, length + 24, textSize);
  return [text(fitted, at, { anchor: 'middle', rotate: -90 })];
}
