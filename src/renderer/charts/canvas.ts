import type { Picture } from './pixels.ts';

/**
 * Makes a canvas as sharp as the screen and clears it; the context's unit is a CSS pixel. Sets the size only where it
 * changed, which alone would make the browser allocate it anew.
 * @param width in CSS pixels, as is `height`
 */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  const ratio = devicePixelRatio;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** The width of a line of one pixel of the screen, in CSS pixels: it is drawn some twenty times as fast as a wider one. */
export function hairOf(context: CanvasRenderingContext2D): number {
  return 1 / context.getTransform().a;
}

/** Puts a picture into the top left corner of a canvas, one canvas pixel for each of its own. */
export function paintPicture(canvas: HTMLCanvasElement, { width, height, pixels }: Picture): void {
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
}
