import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { renderFigure, renderTable } from '../report/figures/render.ts';

/** The calls that write figures and tables to files. */
export type FigureCalls = Pick<StudioHandlers, 'figures.render' | 'tables.render'>;

export interface FigureCallSurroundings {
  readonly appVersion: string;
  readonly now: () => Date;
}

export function createFigureCalls(surroundings: FigureCallSurroundings): FigureCalls {
  return {
    'figures.render': (params) => renderFigure(params, surroundings),
    'tables.render': (params) => renderTable(params),
  };
}
