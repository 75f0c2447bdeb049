import type { ColumnType } from './csv-table.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const WHOLE = /^[+-]?\d+$/;
/** Post codes and other codes are written with zeros in front; as numbers they would lose them. */
const CODE = /^[+-]?0\d+$/;

const booleans: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['false', 0],
  ['yes', 1],
  ['no', 0],
  ['1', 1],
  ['0', 0],
]);

/** The number a cell says, null where it says none that is finite. */
export function parseDecimal(cell: string): number | null {
  if (!DECIMAL.test(cell)) return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** The whole number a cell says, null where it says none or one beyond 2^53. */
export function parseWhole(cell: string): number | null {
  if (!WHOLE.test(cell)) return null;
  const value = Number(cell);
  return Number.isSafeInteger(value) ? value : null;
}

/** 1 for true and yes, 0 for false and no, in any case; null for what is neither. */
export function parseBoolean(cell: string): number | null {
  return booleans.get(cell.toLowerCase()) ?? null;
}

/** Most values that a category has by guess. */
const MOST_CATEGORIES = 256;

/** What the cells of a column have in common, as far as they were seen. */
export class ColumnProfile {
  private whole = true;
  private decimal = true;
  private boolean = true;
  private presentCount = 0;
  private distinct: Set<string> | null = new Set();

  /** Looks at a cell that is not missing. */
  add(cell: string): void {
    this.presentCount++;
    if (this.decimal && (CODE.test(cell) || parseDecimal(cell) === null)) this.decimal = false;
    if (this.whole && (!this.decimal || parseWhole(cell) === null)) this.whole = false;
    if (this.boolean && parseBoolean(cell) === null) this.boolean = false;
    this.distinct?.add(cell);
    if (this.distinct !== null && this.distinct.size > MOST_CATEGORIES) this.distinct = null;
  }

  /** Whether a cell with this text was seen; false where there were too many to keep. */
  has(cell: string): boolean {
    return this.distinct?.has(cell) ?? false;
  }

  /** The narrowest type that holds every cell; text where there is none. */
  get type(): ColumnType {
    if (this.presentCount === 0) return 'text';
    if (this.whole) return 'integer';
    if (this.decimal) return 'number';
    if (this.boolean) return 'boolean';
    // A value of a category comes twice on average at least; names and sentences do not.
    const repeats = this.distinct !== null && this.distinct.size <= Math.max(1, this.presentCount / 2);
    return repeats ? 'category' : 'text';
  }
}
