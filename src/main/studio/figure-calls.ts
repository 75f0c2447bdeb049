import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { tableFormat, type ExportedFile } from '../../shared/schema/figure.ts';
import { figuresOfExperiment, type FigureSource } from '../report/experiment-figures/index.ts';
import { fileName, renderFigure, renderTable, type RenderSurroundings } from '../report/figures/render.ts';
import { zipFiles, type ArchivedFile } from '../report/zip.ts';

/** The calls that make figures and tables, and write them to files. */
export type FigureCalls = Pick<
  StudioHandlers,
  'figures.render' | 'tables.render' | 'experiments.figures' | 'experiments.exportFigures'
>;

type ExportParams = Parameters<FigureCalls['experiments.exportFigures']>[0];

/** @param source the studio's own handlers, whose answers figures are made of */
export function createFigureCalls(surroundings: RenderSurroundings, source: FigureSource): FigureCalls {
  return {
    'experiments.figures': ({ id }) => figuresOfExperiment(source, id),
    'experiments.exportFigures': (params) => exportAll(params, surroundings, source),
    'figures.render': (params) => renderFigure(params, surroundings),
    'tables.render': (params) => renderTable(params),
  };
}

async function exportAll(
  params: ExportParams,
  surroundings: RenderSurroundings,
  source: FigureSource,
): Promise<ExportedFile> {
  const bytes = await zipFiles(renderAll(params, surroundings, source));
  return { name: `${fileName(params.id)}-figures.zip`, mediaType: 'application/zip', bytes };
}

/** One file after the other, so that only the zip is held. */
async function* renderAll(
  { id, formats, options }: ExportParams,
  surroundings: RenderSurroundings,
  source: FigureSource,
): AsyncGenerator<ArchivedFile> {
  const { figures, tables } = await figuresOfExperiment(source, id);
  for (const figure of figures)
    for (const format of formats) yield renderFigure({ ...figure, format, options }, surroundings);
  for (const table of tables)
    for (const format of tableFormat.options) yield renderTable({ ...table, format });
}
