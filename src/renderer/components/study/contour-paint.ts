import { acrossOf, heightOf, type PlotFrame } from '../../charts/plot/plot-axes.ts';
import type { ContourArea } from '../../../shared/figures/contour-areas.ts';

/** Fills the bands of a contour plot, each over the ones below it. */
export function paintContours(
  context: CanvasRenderingContext2D,
  frame: PlotFrame,
  areas: readonly ContourArea[],
  colourOf: (index: number) => string,
): void {
  areas.forEach(({ rings }, index) => {
    context.fillStyle = colourOf(index);
    context.beginPath();
    for (const ring of rings) {
      ring.forEach(([x, y], at) => {
        if (at === 0) context.moveTo(acrossOf(frame, x), heightOf(frame, y));
        else context.lineTo(acrossOf(frame, x), heightOf(frame, y));
      });
      context.closePath();
    }
    context.fill('evenodd');
  });
}
