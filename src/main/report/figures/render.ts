import { drawFigure } from '../../../shared/figures/draw-figure.ts';
import { writeFigureCsv } from '../../../shared/figures/figure-csv.ts';
import { writeSvg } from '../../../shared/figures/svg.ts';
import { writeTable } from '../../../shared/figures/tables/index.ts';
import type {
  ExportedFile,
  FigureFormat,
  FigureSpec,
  PrintOptions,
  TableFormat,
  TableSpec,
} from '../../../shared/schema/figure.ts';
import { writePdf } from './pdf.ts';
import { writePng } from './png.ts';

/** What an export is made with, beside the figure. */
export interface RenderSurroundings {
  readonly appVersion: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const FIGURE_TYPES: Readonly<Record<FigureFormat, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  pdf: 'application/pdf',
  csv: 'text/csv',
};

const TABLE_FILES: Readonly<Record<TableFormat, { readonly extension: string; readonly mediaType: string }>> =
  {
    latex: { extension: 'tex', mediaType: 'application/x-latex' },
    markdown: { extension: 'md', mediaType: 'text/markdown' },
    csv: { extension: 'csv', mediaType: 'text/csv' },
  };

/** A figure as a file that can be printed, or with CSV as its numbers. */
export async function renderFigure(
  {
    figure,
    name,
    format,
    options,
  }: {
    readonly figure: FigureSpec;
    readonly name: string;
    readonly format: FigureFormat;
    readonly options: PrintOptions;
  },
  surroundings: RenderSurroundings,
): Promise<ExportedFile> {
  const bytes = await figureBytes(figure, format, options, surroundings);
  return { name: `${fileName(name)}.${format}`, mediaType: FIGURE_TYPES[format], bytes };
}

async function figureBytes(
  figure: FigureSpec,
  format: FigureFormat,
  options: PrintOptions,
  { appVersion, now }: RenderSurroundings,
): Promise<Uint8Array<ArrayBuffer>> {
  if (format === 'csv') return encodeText(writeFigureCsv(figure));
  const scene = drawFigure(figure, options, { creator: `Epoch Studio ${appVersion}` });
  if (format === 'svg') return encodeText(writeSvg(scene));
  return format === 'png' ? writePng(scene, options.dpi) : writePdf(scene, new Date(now()));
}

/** A table as text for LaTeX, Markdown or a spreadsheet. */
export function renderTable({
  table,
  name,
  format,
}: {
  readonly table: TableSpec;
  readonly name: string;
  readonly format: TableFormat;
}): ExportedFile {
  const { extension, mediaType } = TABLE_FILES[format];
  return { name: `${fileName(name)}.${extension}`, mediaType, bytes: encodeText(writeTable(table, format)) };
}

function encodeText(content: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(content);
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}.+-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, 120) || 'figure';
}
