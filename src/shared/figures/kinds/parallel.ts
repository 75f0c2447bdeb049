import type { SingleFigure } from '../../schema/figure.ts';
import { mapColour } from '../colours.ts';
import { extentOf, makeScale, type Scale } from '../scale.ts';
import { line, polyline, text, type Mark, type Point } from '../scene.ts';
import { fitText, textWidth, wrapText } from '../text-width.ts';
import { frameLine, inkLine, plotHeight, print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type ParallelFigure = Extract<SingleFigure, { kind: 'parallel' }>;
type Axis = ParallelFigure['axes'][number];

/** One axis: where it stands, and what is written along it. */
interface PlacedAxis {
  readonly x: number;
  /** Share of the height from below; NaN where a number has no place. */
  readonly share: (value: number) => number;
  readonly labels: readonly { readonly share: number; readonly label: string }[];
}

const { smallSize, tickLength, gap, lineHeight } = print;

/** Parallel coordinates: a line per run over an axis per setting; the darker the better (or by its share). */
export function drawParallel(figure: ParallelFigure, width: number): DrawnFigure {
  const height = plotHeight(width);
  const axes = placeAxes(figure, width);
  const titles = titleLines(figure.axes, width);
  const top = titles.height + gap;
  const toPoint = (axis: PlacedAxis, value: number): Point => ({
    x: axis.x,
    y: top + height * (1 - axis.share(value)),
  });
  const marks = [
    ...sortedLines(figure).map((one) => lineMark(one, axes, widthOf(figure), toPoint)),
    ...axes.flatMap((axis) => axisMarks(axis, top, height)),
    ...titles.marks(axes),
  ];
  return { legend: [], body: { height: top + height + smallSize, marks } };
}

function placeAxes({ axes, lines }: ParallelFigure, width: number): PlacedAxis[] {
  const plans = axes.map((axis, i) =>
    planAxis(
      axis,
      lines.map(({ values }) => values[i] ?? null),
    ),
  );
  const left = widestLabel(plans[0]) + tickLength + gap;
  const span = width - left - 14;
  return plans.map((plan, i) => ({
    ...plan,
    x: left + (axes.length === 1 ? 0 : (i / (axes.length - 1)) * span),
  }));
}

function widestLabel(axis: Pick<PlacedAxis, 'labels'> | undefined): number {
  return Math.max(0, ...(axis?.labels ?? []).map(({ label }) => Math.min(60, textWidth(label, smallSize))));
}

function planAxis(axis: Axis, values: readonly (number | null)[]): Omit<PlacedAxis, 'x'> {
  const { categories } = axis;
  if (categories !== null) {
    const share = (place: number): number => (categories.length < 2 ? 0.5 : place / (categories.length - 1));
    return { share, labels: categories.map((label, i) => ({ share: share(i), label })) };
  }
  const scale = numberScale(axis, values);
  const labels = scale.ticks(5).major.map(({ value, label }) => ({ share: scale.share(value), label }));
  return { share: scale.share, labels };
}

function numberScale({ log }: Axis, values: readonly (number | null)[]): Scale {
  const isLog = log && (extentOf(values)?.[0] ?? 0) > 0;
  const scale = isLog ? 'log' : 'linear';
  return makeScale(
    { title: '', scale, percent: false, minimum: null, maximum: null, categories: null },
    values,
    {
      nice: !isLog,
    },
  );
}

/** The best drawn last, over the others. */
function sortedLines({ lines }: ParallelFigure): ParallelFigure['lines'] {
  return lines.toSorted((a, b) => (a.colourShare ?? -1) - (b.colourShare ?? -1));
}

/** A crowd is drawn so finely that it can still be seen through. */
const CROWD = 300;

function widthOf({ lines }: ParallelFigure): number {
  return lines.length > CROWD ? 0.2 : 0.6;
}

function lineMark(
  { values, colourShare }: ParallelFigure['lines'][number],
  axes: readonly PlacedAxis[],
  width: number,
  toPoint: (axis: PlacedAxis, value: number) => Point,
): Mark {
  const points = axes.flatMap((axis, i) => {
    const value = values[i] ?? null;
    return value === null || !Number.isFinite(axis.share(value)) ? [] : [toPoint(axis, value)];
  });
  const colour = colourShare === null ? '#b0b0b0' : mapColour('viridis', 0.9 * (1 - colourShare));
  return polyline(points, { colour, width: colourShare === 1 ? 1.25 : width });
}

function axisMarks(axis: PlacedAxis, top: number, height: number): Mark[] {
  let free = Infinity;
  const labels = axis.labels.flatMap(({ share, label }) => {
    const y = top + height * (1 - share);
    const tick = line({ x: axis.x - tickLength, y }, { x: axis.x, y }, frameLine);
    if (!(free - y >= smallSize)) return [tick];
    free = y;
    const at = { x: axis.x - tickLength - gap / 2, y: y + smallSize * 0.36 };
    return [tick, ...haloed(fitText(label, 60, smallSize), at)];
  });
  return [line({ x: axis.x, y: top }, { x: axis.x, y: top + height }, inkLine), ...labels];
}

/** Text on a white ground, since lines run under it. */
function haloed(label: string, at: Point): Mark[] {
  const width = textWidth(label, smallSize);
  const box = { x: at.x - width - 1, y: at.y - smallSize * 0.78, width: width + 2, height: smallSize };
  return [
    { kind: 'rect', ...box, fill: { colour: print.ground, opacity: 0.75 }, stroke: null },
    text(label, at, { anchor: 'end', size: smallSize }),
  ];
}

/** Titles over their axes, in as many lines as they need. */
function titleLines(axes: readonly Axis[], width: number) {
  const room = Math.max(30, width / Math.max(1, axes.length) - gap);
  const lines = axes.map(({ title }) => wrapText(title, room, smallSize, true));
  const height = Math.max(1, ...lines.map(({ length }) => length)) * (lineHeight - 1.5);
  const marks = (placed: readonly PlacedAxis[]): Mark[] =>
    placed.flatMap(({ x }, i) => {
      const own = lines[i] ?? [];
      const anchor = i === 0 ? 'start' : i === placed.length - 1 ? 'end' : 'middle';
      const place = i === 0 ? 0 : i === placed.length - 1 ? width : x;
      return own.map((content, row) => {
        const y = height - (own.length - 1 - row) * (lineHeight - 1.5) - 1;
        return text(content, { x: place, y }, { anchor, size: smallSize, bold: true });
      });
    });
  return { height, marks };
}
