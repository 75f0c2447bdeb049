/** A cell of a CSV file; null is empty. */
export type CsvCell = string | number | null;

function writeCell(cell: CsvCell): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Rows under a heading as CSV (RFC 4180). */
export function writeCsvText(heading: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [heading, ...rows].map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
}
