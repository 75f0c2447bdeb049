import type { ListedGroup } from '../../shared/schema/run.ts';

/** A row of the history as it is drawn: the head of a group, or a run by its place among all that are listed. */
export type ListRow =
  { readonly kind: 'group'; readonly group: number } | { readonly kind: 'run'; readonly index: number };

/** The rows of a list whose groups may be folded away; knows where each is without making them. */
export class RunsLayout {
  /** Rows drawn. */
  readonly length: number;
  /** Per group: its head's row, and the place of its first run. */
  readonly #heads: readonly { readonly row: number; readonly run: number }[];

  /**
   * @param total runs listed
   * @param groups in their order; null where the list is not grouped
   * @param isFolded are a group's runs left out?
   */
  constructor(
    total: number,
    groups: readonly ListedGroup[] | null,
    isFolded: (group: number) => boolean = () => false,
  ) {
    const heads: { row: number; run: number }[] = [];
    let [row, run] = [0, 0];
    groups?.forEach(({ count }, index) => {
      heads.push({ row, run });
      row += 1 + (isFolded(index) ? 0 : count);
      run += count;
    });
    this.#heads = heads;
    this.length = groups === null ? total : row;
  }

  /** The row at a place from 0 to `length` - 1. */
  at(row: number): ListRow {
    if (this.#heads.length === 0) return { kind: 'run', index: row };
    const group = this.#groupAt(row);
    const head = this.#heads[group]!;
    if (head.row === row) return { kind: 'group', group };
    return { kind: 'run', index: head.run + row - head.row - 1 };
  }

  /** The place of a group's first run. */
  firstRun(group: number): number {
    return this.#heads[group]?.run ?? 0;
  }

  #groupAt(row: number): number {
    let [from, to] = [0, this.#heads.length - 1];
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (this.#heads[middle]!.row <= row) from = middle;
      else to = middle - 1;
    }
    return from;
  }
}
