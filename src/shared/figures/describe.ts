import type { FigureSpec, SingleFigure } from '../schema/figure.ts';

/** A figure in words: what is drawn over what. */
export function describeFigure(figure: FigureSpec): string {
  if (figure.kind !== 'panels') return describeSingle(figure);
  return figure.figures.map((one) => `${one.title}: ${describeSingle(one)}`).join(' ');
}

const list = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');

function describeSingle(figure: SingleFigure): string {
  switch (figure.kind) {
    case 'lines':
      return `${figure.y.title} over ${figure.x.title.toLowerCase()}: ${list(figure.series.map(({ label }) => label))}.`;
    case 'scatter':
      return `Points of ${figure.y.title} over ${figure.x.title}: ${list(
        figure.groups.map(({ label, x }) => `${label} (${x.length})`),
      )}.`;
    case 'bars':
      return `Bars of ${figure.y.title} for ${list(figure.categories)}: ${list(figure.groups.map(({ label }) => label))}.`;
    case 'histogram':
      return `Histograms over ${figure.x.title}: ${list(figure.layers.map(({ label }) => label))}.`;
    case 'matrix':
      return `Matrix of ${figure.rowTitle} by ${figure.columnTitle}, ${figure.rows.length} × ${figure.columns.length} cells.`;
    case 'images':
      return `${figure.images.length} pictures: ${list(figure.images.map(({ label }) => label).filter(Boolean))}.`;
    case 'plane':
      return `Plane of ${figure.x.title} and ${figure.y.title} with ${figure.points.length} points${
        figure.classes.length === 0 ? '' : ` of ${list(figure.classes)}`
      }.`;
    case 'contour':
      return `Bands of ${figure.value} over ${figure.x.title} and ${figure.y.title}, with ${figure.points.x.length} points.`;
    case 'parallel':
      return `Parallel coordinates of ${figure.lines.length} lines over ${list(figure.axes.map(({ title }) => title))}.`;
  }
}
