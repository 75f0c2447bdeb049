/** Rows drawn above and below those seen. */
const MARGIN = 8;

/** The positions of rows that are seen, and some around them. Lengths in CSS pixels. */
export function rowsBetween(top: number, height: number, rowHeight: number, count: number): number[] {
  const from = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + MARGIN);
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

/** Where a key moves from a row; null for one that moves nothing. */
export function rowJump(key: string, position: number, linesSeen: number, count: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: position + 1,
    ArrowUp: position - 1,
    PageDown: position + linesSeen,
    PageUp: position - linesSeen,
    Home: 0,
    End: count - 1,
  };
  const to = targets[key];
  return to === undefined || count === 0 ? null : Math.max(0, Math.min(count - 1, to));
}

/** Columns of a row as a CSS grid: row, split, targets, what a run says, note, features. */
export function tableTemplate(targets: number, hasRun: boolean, features: number): string {
  const run = hasRun ? ['110px', '72px'] : [];
  const fixed = ['56px', '48px', ...new Array<string>(targets).fill('120px'), ...run, '90px'];
  return [...fixed, ...new Array<string>(features).fill('88px')].join(' ');
}
