import { fitCanvas } from './canvas.ts';
import type { ChartTheme } from './chart.ts';
import { drawFaint, drawingOrder, drawKept, type ParallelScene } from './parallel-draw.ts';

/** In CSS pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a scene is painted. */
export interface ParallelTarget extends Size {
  readonly canvas: HTMLCanvasElement;
  readonly theme: ChartTheme;
}

/** Lengths between two axes that a laptop draws without a graphics processor in some 2 ms. */
const MOST_MOVING = 2_500;

/**
 * Paints lines over parallel axes. What a brush does not change, the faint ground and the order of the lines, is made
 * once and kept.
 */
export class ParallelPainter {
  #ground: HTMLCanvasElement | null = null;
  #groundOf: readonly unknown[] = [];
  #order: readonly number[] = [];
  #orderOf: ParallelScene['lines'] | null = null;

  /** @param moving is it one of many scenes in a row? Then a crowd is drawn in part. */
  paint(scene: ParallelScene, target: ParallelTarget, moving: boolean): void {
    const context = fitCanvas(target.canvas, target.width, target.height);
    if (context === null) return;
    if (this.#orderOf !== scene.lines) {
      this.#orderOf = scene.lines;
      this.#order = drawingOrder(scene.lines);
    }
    if (scene.kept.includes(false))
      context.drawImage(this.#groundFor(scene, target), 0, 0, target.width, target.height);
    const most = moving ? MOST_MOVING / Math.max(1, scene.columns.length - 1) : Infinity;
    drawKept(context, scene, this.#order, most);
  }

  #groundFor(scene: ParallelScene, { theme, width, height }: ParallelTarget): HTMLCanvasElement {
    const { lines, columns, top } = scene;
    const key = [lines, columns, top, scene.height, theme, width, height, devicePixelRatio];
    const ground = (this.#ground ??= document.createElement('canvas'));
    if (key.every((part, index) => part === this.#groundOf[index])) return ground;
    this.#groundOf = key;
    const context = fitCanvas(ground, width, height);
    if (context !== null) drawFaint(context, scene, theme);
    return ground;
  }
}
