import type { SingleFigure } from '../../schema/figure.ts';
import { drawBars } from './bars.ts';
import { drawContour } from './contour.ts';
import type { DrawnFigure } from './drawn.ts';
import { drawHistogram } from './histogram.ts';
import { drawImages } from './images.ts';
import { drawLines } from './lines.ts';
import { drawMatrix } from './matrix.ts';
import { drawParallel } from './parallel.ts';
import { drawPlane } from './plane.ts';
import { drawScatter } from './scatter.ts';

/** Draws a figure of any kind, without its title, at a width in points. */
export function drawKind(figure: SingleFigure, width: number): DrawnFigure {
  switch (figure.kind) {
    case 'lines':
      return drawLines(figure, width);
    case 'scatter':
      return drawScatter(figure, width);
    case 'bars':
      return drawBars(figure, width);
    case 'histogram':
      return drawHistogram(figure, width);
    case 'matrix':
      return drawMatrix(figure, width);
    case 'images':
      return drawImages(figure, width);
    case 'plane':
      return drawPlane(figure, width);
    case 'contour':
      return drawContour(figure, width);
    case 'parallel':
      return drawParallel(figure, width);
  }
}
