/** Rows drawn above and below what is seen. */
const MARGIN = 6;

/** What a table of many rows of one height draws of them: those in sight and a few more. */
export class VirtualRows {
  /** Of the part that scrolls, in pixels; bound to it. */
  height = $state(400);
  /** How far it is scrolled. */
  top = $state(0);
  readonly rowPx: number;
  readonly #count: () => number;
  /** The row that has the focus when the table has it. */
  #current = $state(0);

  readonly #first = $derived.by(() => {
    const last = Math.max(0, this.#count() - 1);
    return Math.max(0, Math.min(Math.floor(this.top / this.rowPx) - MARGIN, last));
  });
  readonly #end = $derived.by(() =>
    Math.min(this.#count(), Math.ceil((this.top + this.height) / this.rowPx) + MARGIN),
  );
  readonly #visible = $derived.by(() =>
    Array.from({ length: Math.max(0, this.#end - this.#first) }, (_, i) => this.#first + i),
  );

  /**
   * @param rowPx the height of a row and of the header above them
   * @param count rows there are
   */
  constructor(rowPx: number, count: () => number) {
    this.rowPx = rowPx;
    this.#count = count;
  }

  /** The first row drawn. */
  get first(): number {
    return this.#first;
  }

  /** The row after the last one drawn. */
  get end(): number {
    return this.#end;
  }

  /** The rows drawn. */
  get visible(): readonly number[] {
    return this.#visible;
  }

  /** Rows are drawn into so many places, again and again: scrolling then changes texts and makes nothing anew. */
  get places(): number {
    return Math.ceil(this.height / this.rowPx) + 2 * MARGIN + 2;
  }

  /** The row that has the focus when the table has it, or the last one where there are fewer. */
  get active(): number {
    return Math.min(this.#current, Math.max(0, this.#count() - 1));
  }

  set active(row: number) {
    this.#current = row;
  }

  /** Is the active row among those drawn? Where it is not, no key may reach it. */
  get isActiveDrawn(): boolean {
    return this.active >= this.#first && this.active < this.#end;
  }

  /** The row that a key leads to from the active one; null for keys that lead to none. */
  rowForKey(key: string): number | null {
    const page = Math.max(1, Math.floor(this.height / this.rowPx) - 2);
    const last = this.#count() - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: last,
    };
    const row = steps[key];
    return row === undefined ? null : Math.max(0, Math.min(last, row));
  }

  /** Where to scroll to so that a row is in sight, beneath the header. @param height of the whole, header included */
  scrollTopFor(row: number, scrollTop: number, height: number): number {
    const above = Math.min(scrollTop, row * this.rowPx);
    return Math.max(above, (row + 2) * this.rowPx - height);
  }
}
