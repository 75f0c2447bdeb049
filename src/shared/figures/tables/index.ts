import type { TableFormat, TableSpec } from '../../schema/figure.ts';
import { writeCsvText } from '../csv-text.ts';
import { writeLatex } from './latex.ts';
import { writeMarkdown } from './markdown.ts';

/** Writes a table in a format for papers, pages or programs. */
export function writeTable(table: TableSpec, format: TableFormat): string {
  if (format === 'latex') return writeLatex(table);
  if (format === 'markdown') return writeMarkdown(table);
  return writeCsvText(
    table.columns.map(({ title }) => title),
    table.rows,
  );
}
