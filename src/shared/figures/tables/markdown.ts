import type { TableSpec } from '../../schema/figure.ts';

function escapeCell(cell: string | null): string {
  if (cell === null) return '–';
  return cell.replace(/[\\|*_`<[\]]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

/** A table as GitHub's Markdown under its title, with the runs behind it beneath. */
export function writeMarkdown({ title, runIds, columns, rows }: TableSpec): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${escapeCell(title)}**`,
    '',
    line(columns.map((column) => escapeCell(column.title))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map((_, i) => escapeCell(row[i] ?? null)))),
    ...(runIds.length === 0 ? [] : ['', `Runs: ${runIds.join(', ')}`]),
    '',
  ].join('\n');
}
