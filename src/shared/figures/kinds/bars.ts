import type { SingleFigure } from '../../schema/figure.ts';
import { drawPlot, placeArea, planAxis, yTickCount, type AxisPlan, type PlotArea } from '../axes.ts';
import { printColour } from '../colours.ts';
import { boxSwatch } from '../legend.ts';
import { makeScale, type Scale } from '../scale.ts';
import { rect, text, type Drawing, type Mark } from '../scene.ts';
import { fitText, textWidth } from '../text-width.ts';
import { plotHeight, print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type BarsFigure = Extract<SingleFigure, { kind: 'bars' }>;

/** Share of a category's width that its bars take. */
const FILLED = 0.78;
/** Longest slanted label. */
const LABEL_LIMIT = 70;
const { smallSize, gap } = print;

/** Bars from zero, side by side for each category. */
export function drawBars(figure: BarsFigure, width: number): DrawnFigure {
  const { categories, groups } = figure;
  const y = makeScale(
    figure.y,
    groups.flatMap(({ values }) => values),
    { include: figure.y.minimum ?? 0, count: yTickCount(plotHeight(width)) },
  );
  const plan = planAxis(figure.y, y, plotHeight(width), 'y');
  const options = { width, x: categoryAxis(categories.length), y: plan, grid: true };
  const area = placeArea(options);
  const content = () => ({ marks: groups.flatMap((_, at) => barMarks(figure, at, area, y)) });
  const legend = groups.map(({ label, colour }) => ({
    label,
    swatch: boxSwatch(printColour(colour), print.ink),
  }));
  return { legend, body: withLabels(drawPlot({ ...options, content }), categories, area) };
}

/** From the first category's left edge at 0 to the last one's right edge; names are drawn by hand. */
function categoryAxis(count: number): AxisPlan {
  const scale: Scale = {
    minimum: 0,
    maximum: count,
    isLog: false,
    percent: false,
    share: (value) => value / Math.max(1, count),
    ticks: () => ({ major: [], minor: [], exponent: 0 }),
  };
  return { title: '', scale, ticks: scale.ticks(0) };
}

function barMarks({ groups, categories }: BarsFigure, at: number, area: PlotArea, y: Scale): Mark[] {
  const { values, colour } = groups[at]!;
  const slot = area.width / Math.max(1, categories.length);
  const barWidth = (slot * FILLED) / groups.length;
  const foot = area.toY(Math.min(Math.max(0, y.minimum), y.maximum));
  const outline = { colour: print.ink, width: barWidth > 3 ? 0.35 : 0 };
  return values.flatMap((value, category) => {
    if (value === null || !Number.isFinite(value)) return [];
    const top = area.toY(value);
    const x = area.toX(category) + (slot * (1 - FILLED)) / 2 + at * barWidth;
    const box = { x, y: Math.min(top, foot), width: barWidth, height: Math.abs(foot - top) };
    return [rect(box, { colour: printColour(colour) }, outline.width === 0 ? null : outline)];
  });
}

/** The categories' names under the bars, slanted where they have no room side by side. */
function withLabels(plot: Drawing, categories: readonly string[], area: PlotArea): Drawing {
  const slot = area.width / Math.max(1, categories.length);
  const widest = Math.max(0, ...categories.map((name) => textWidth(name, smallSize)));
  const top = area.y + area.height + gap;
  const middle = (i: number): number => area.x + (i + 0.5) * slot;
  if (widest <= slot - 2) {
    const marks = categories.map((name, i) =>
      text(name, { x: middle(i), y: top + smallSize }, { anchor: 'middle', size: smallSize }),
    );
    return { height: top + smallSize + gap, marks: [...plot.marks, ...marks] };
  }
  const stride = Math.max(1, Math.ceil((smallSize + 1) / slot));
  const shown = categories.map((name) => fitText(name, LABEL_LIMIT, smallSize));
  const reach = Math.max(...shown.map((name) => textWidth(name, smallSize))) * Math.SQRT1_2;
  const marks = shown.flatMap((name, i) =>
    i % stride === 0
      ? [text(name, { x: middle(i) + 3, y: top + 4 }, { anchor: 'end', size: smallSize, rotate: -45 })]
      : [],
  );
  return { height: top + reach + smallSize, marks: [...plot.marks, ...marks] };
}
