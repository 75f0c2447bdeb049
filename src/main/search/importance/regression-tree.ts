import type { RandomStream } from '../../../shared/random/stream.ts';
import type { Column } from './columns.ts';

/** Levels of splits at most, as Optuna takes them. */
const MAX_DEPTH = 64;

/** A grown tree; node 0 is its root. */
export interface RegressionTree {
  readonly nodeCount: number;
  /** The column that a node splits; -1 for a leaf. */
  readonly columns: Int32Array;
  /** Numbers up to it go left, or the one choice of that place. */
  readonly thresholds: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Mean target of a node's rows. */
  readonly means: Float64Array;
}

interface Split {
  readonly column: number;
  readonly threshold: number;
}

/**
 * Grows regression trees (Breiman et al. 1984) that split until a leaf's targets are all one: each split takes the
 * column and threshold that leave the least squared error; a choice is split into one value and all others.
 */
export class TreeGrower {
  readonly #columns: readonly Column[];
  readonly #targets: Float64Array;
  /** Rows by ascending value; null for choices. */
  readonly #orders: readonly (Int32Array | null)[];

  /** @param targets one for each row of the columns */
  constructor(columns: readonly Column[], targets: Float64Array) {
    this.#columns = columns;
    this.#targets = targets;
    this.#orders = columns.map((column) => {
      if (column.kind === 'choice') return null;
      return Int32Array.from(targets.keys()).sort((a, b) => column.values[a]! - column.values[b]!);
    });
  }

  /**
   * A tree on a bootstrap sample.
   * @param counts how often each row was drawn
   * @param stream breaks ties between columns
   */
  grow(counts: Int32Array, stream: RandomStream): RegressionTree {
    const drawn = (order: Int32Array): Int32Array => order.filter((row) => counts[row]! > 0);
    const orders = this.#orders.map((order) => order && drawn(order));
    const rows = drawn(Int32Array.from(counts.keys()));
    return new Growth(this.#columns, this.#targets, counts, orders, rows, stream).grow();
  }
}

/** One tree while it grows. Every node's rows lie next to each other in all orders. */
class Growth {
  readonly #columns: readonly Column[];
  readonly #targets: Float64Array;
  readonly #counts: Int32Array;
  readonly #orders: readonly (Int32Array | null)[];
  readonly #rows: Int32Array;
  readonly #stream: RandomStream;
  readonly #goesLeft: Uint8Array;
  readonly #scratch: Int32Array;
  readonly #visit: Int32Array;
  readonly #choiceSums: Float64Array;
  readonly #choiceCounts: Float64Array;
  readonly #tree: { -readonly [K in keyof RegressionTree]: RegressionTree[K] };
  #best: Split | null = null;
  #bestGain = -Infinity;

  constructor(
    columns: readonly Column[],
    targets: Float64Array,
    counts: Int32Array,
    orders: readonly (Int32Array | null)[],
    rows: Int32Array,
    stream: RandomStream,
  ) {
    this.#columns = columns;
    this.#targets = targets;
    this.#counts = counts;
    this.#orders = orders;
    this.#rows = rows;
    this.#stream = stream;
    this.#goesLeft = new Uint8Array(targets.length);
    this.#scratch = new Int32Array(rows.length);
    this.#visit = Int32Array.from(columns.keys());
    const choices = Math.max(0, ...columns.map((column) => (column.kind === 'choice' ? column.count : 0)));
    this.#choiceSums = new Float64Array(choices);
    this.#choiceCounts = new Float64Array(choices);
    const most = 2 * rows.length;
    this.#tree = {
      nodeCount: 0,
      columns: new Int32Array(most).fill(-1),
      thresholds: new Float64Array(most),
      left: new Int32Array(most),
      right: new Int32Array(most),
      means: new Float64Array(most),
    };
  }

  grow(): RegressionTree {
    this.#growNode(0, this.#rows.length, 0);
    return this.#tree;
  }

  /** The node of the rows in places [start, end). */
  #growNode(start: number, end: number, depth: number): number {
    const tree = this.#tree;
    const node = tree.nodeCount++;
    const { sum, count, isEven } = this.#summarise(start, end);
    tree.means[node] = sum / count;
    const split = isEven || depth === MAX_DEPTH ? null : this.#findSplit(start, end, sum, count);
    if (split === null) return node;
    const middle = this.#partition(start, end, split);
    tree.columns[node] = split.column;
    tree.thresholds[node] = split.threshold;
    tree.left[node] = this.#growNode(start, middle, depth + 1);
    tree.right[node] = this.#growNode(middle, end, depth + 1);
    return node;
  }

  #summarise(start: number, end: number): { sum: number; count: number; isEven: boolean } {
    let [sum, count, isEven] = [0, 0, true];
    const first = this.#targets[this.#rows[start]!]!;
    for (let at = start; at < end; at++) {
      const row = this.#rows[at]!;
      sum += this.#counts[row]! * this.#targets[row]!;
      count += this.#counts[row]!;
      isEven &&= this.#targets[row] === first;
    }
    return { sum, count, isEven };
  }

  /** The best split; null where the rows do not differ in any column. Of equal ones the first in a drawn order wins. */
  #findSplit(start: number, end: number, sum: number, count: number): Split | null {
    this.#best = null;
    this.#bestGain = -Infinity;
    for (const at of this.#stream.shuffle(this.#visit)) {
      const column = this.#columns[at]!;
      if (column.kind === 'choice') this.#tryChoices(at, column, start, end, sum, count);
      else this.#tryThresholds(at, column.values, start, end, sum, count);
    }
    return this.#best;
  }

  #tryThresholds(
    column: number,
    values: Float64Array,
    start: number,
    end: number,
    sum: number,
    count: number,
  ): void {
    const order = this.#orders[column]!;
    const [targets, counts] = [this.#targets, this.#counts];
    let [leftSum, leftCount] = [0, 0];
    for (let at = start; at < end - 1; at++) {
      const row = order[at]!;
      leftSum += counts[row]! * targets[row]!;
      leftCount += counts[row]!;
      const [value, next] = [values[row]!, values[order[at + 1]!]!];
      if (value === next) continue;
      const gain = leftSum ** 2 / leftCount + (sum - leftSum) ** 2 / (count - leftCount);
      if (gain <= this.#bestGain) continue;
      this.#bestGain = gain;
      // Between two neighbouring floats the middle is one of them, and must not be the upper one.
      const middle = (value + next) / 2;
      this.#best = { column, threshold: middle < next ? middle : value };
    }
  }

  #tryChoices(
    column: number,
    { values, count: choices }: Extract<Column, { kind: 'choice' }>,
    start: number,
    end: number,
    sum: number,
    count: number,
  ): void {
    const [sums, counts] = [this.#choiceSums.fill(0), this.#choiceCounts.fill(0)];
    for (let at = start; at < end; at++) {
      const row = this.#rows[at]!;
      const choice = values[row]!;
      sums[choice]! += this.#counts[row]! * this.#targets[row]!;
      counts[choice]! += this.#counts[row]!;
    }
    for (let choice = 0; choice < choices; choice++) {
      const [leftSum, leftCount] = [sums[choice]!, counts[choice]!];
      if (leftCount === 0 || leftCount === count) continue;
      const gain = leftSum ** 2 / leftCount + (sum - leftSum) ** 2 / (count - leftCount);
      if (gain <= this.#bestGain) continue;
      this.#bestGain = gain;
      this.#best = { column, threshold: choice };
    }
  }

  /** Puts the rows that go left first in every order and returns where the others start. */
  #partition(start: number, end: number, { column: at, threshold }: Split): number {
    const column = this.#columns[at]!;
    const isChoice = column.kind === 'choice';
    for (let place = start; place < end; place++) {
      const row = this.#rows[place]!;
      const value = column.values[row]!;
      this.#goesLeft[row] = (isChoice ? value === threshold : value <= threshold) ? 1 : 0;
    }
    for (const order of this.#orders) if (order !== null) this.#divide(order, start, end);
    return this.#divide(this.#rows, start, end);
  }

  #divide(order: Int32Array, start: number, end: number): number {
    let [left, right] = [start, 0];
    for (let place = start; place < end; place++) {
      const row = order[place]!;
      if (this.#goesLeft[row] === 1) order[left++] = row;
      else this.#scratch[right++] = row;
    }
    for (let place = 0; place < right; place++) order[left + place] = this.#scratch[place]!;
    return left;
  }
}
