import type { Box } from './overlay/overlay-view.ts';

/** Room for ticks and titles around a plot, in pixels. */
export const PLOT_FRAME = { left: 58, right: 12, top: 8, bottom: 38 } as const;

/** The plot's box inside a canvas of this size. */
export function plotBox(width: number, height: number): Box {
  return {
    left: PLOT_FRAME.left,
    top: PLOT_FRAME.top,
    width: Math.max(1, width - PLOT_FRAME.left - PLOT_FRAME.right),
    height: Math.max(1, height - PLOT_FRAME.top - PLOT_FRAME.bottom),
  };
}

/**
 * Strokes both axes and a line across at each tick of the vertical one.
 * @param rows the ticks' heights, in pixels
 */
export function strokeAxes(context: CanvasRenderingContext2D, box: Box, rows: readonly number[]): void {
  context.beginPath();
  for (const row of rows) {
    const y = Math.round(row) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(box.left + box.width, y);
  }
  context.moveTo(box.left + 0.5, box.top);
  context.lineTo(box.left + 0.5, box.top + box.height + 0.5);
  context.lineTo(box.left + box.width, box.top + box.height + 0.5);
  context.stroke();
}

/** Writes the titles of the axes into the frame's outer edge. */
export function writeTitles(context: CanvasRenderingContext2D, box: Box, x: string, y: string): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(x, box.left + box.width / 2, box.top + box.height + PLOT_FRAME.bottom - 2);
  context.save();
  context.translate(2, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'top';
  context.fillText(y, 0, 0);
  context.restore();
}

/** Draws what does not go beyond the plot's box, but for a pixel above and below it. */
export function drawInside(context: CanvasRenderingContext2D, box: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top - 1, box.width, box.height + 2);
  context.clip();
  draw();
  context.restore();
}
