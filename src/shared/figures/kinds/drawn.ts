import type { LegendEntry } from '../legend.ts';
import type { Drawing } from '../scene.ts';

/** A figure without its title, and the legend that goes above it. */
export interface DrawnFigure {
  readonly legend: readonly LegendEntry[];
  readonly body: Drawing;
}
