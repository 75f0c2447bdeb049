import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { figuresOfExperiment, type FigureSource } from '../report/experiment-figures/index.ts';
import { renderFigure, renderTable } from '../report/figures/render.ts';

/** The calls that make figures and tables, and write them to files. */
export type FigureCalls = Pick<StudioHandlers, 'figures.render' | 'tables.render' | 'experiments.figures'>;

export interface FigureCallSurroundings {
  readonly appVersion: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** @param source the studio's own handlers, whose answers figures are made of */
export function createFigureCalls(surroundings: FigureCallSurroundings, source: FigureSource): FigureCalls {
  return {
    'experiments.figures': ({ id }) => figuresOfExperiment(source, id),
    'figures.render': (params) => renderFigure(params, surroundings),
    'tables.render': (params) => renderTable(params),
  };
}
