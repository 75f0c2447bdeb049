import type { Column } from './columns.ts';
import type { RegressionTree } from './regression-tree.ts';

/** How much a tree's prediction varies over the space. */
export interface TreeVariances {
  readonly total: number;
  /** Of the marginal prediction of each column: the mean over all other columns, as a function of this one. */
  readonly marginal: Float64Array;
}

/** A column cut at all its thresholds of a tree; a choice has one cell for each value. Sizes add up to 1. */
interface Cells {
  readonly sizes: Float64Array;
  /** Ascending; empty for a choice. */
  readonly thresholds: Float64Array;
  /** The marginal prediction in each cell; of a number as differences from cell to cell. */
  readonly sums: Float64Array;
}

function cellsOf(column: Column, at: number, tree: RegressionTree): Cells {
  if (column.kind === 'choice') {
    const sizes = new Float64Array(column.count).fill(1 / column.count);
    return { sizes, thresholds: new Float64Array(0), sums: new Float64Array(column.count) };
  }
  const used = new Set<number>();
  for (let node = 0; node < tree.nodeCount; node++) {
    if (tree.columns[node] === at) used.add(tree.thresholds[node]!);
  }
  const thresholds = Float64Array.from(used).sort();
  const edges = [column.low, ...thresholds, column.high];
  const sizes = Float64Array.from(
    { length: edges.length - 1 },
    (_, cell) => (edges[cell + 1]! - edges[cell]!) / (column.high - column.low),
  );
  return { sizes, thresholds, sums: new Float64Array(sizes.length + 1) };
}

function positionOf(thresholds: Float64Array, threshold: number): number {
  let [low, high] = [0, thresholds.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Walks all leaves of a tree with the box of the space that each of them predicts. */
class BoxWalk {
  readonly #tree: RegressionTree;
  readonly #columns: readonly Column[];
  readonly #cells: readonly Cells[];
  /** First cell and the one after the last of the box, for numbers. */
  readonly #first: Int32Array;
  readonly #end: Int32Array;
  /** Values of a choice that lie in the box; null for numbers. */
  readonly #allowed: readonly (Uint8Array | null)[];
  /** Size of the box along each column; 1 is all of it. */
  readonly #sizes: Float64Array;
  #weightedSum = 0;
  #weightedSquares = 0;

  constructor(tree: RegressionTree, columns: readonly Column[]) {
    this.#tree = tree;
    this.#columns = columns;
    this.#cells = columns.map((column, at) => cellsOf(column, at, tree));
    this.#first = new Int32Array(columns.length);
    this.#end = Int32Array.from(this.#cells, ({ sizes }) => sizes.length);
    this.#allowed = columns.map((column) =>
      column.kind === 'choice' ? new Uint8Array(column.count).fill(1) : null,
    );
    this.#sizes = new Float64Array(columns.length).fill(1);
  }

  variances(): TreeVariances {
    this.#walk(0);
    return {
      total: Math.max(0, this.#weightedSquares - this.#weightedSum ** 2),
      marginal: Float64Array.from(this.#columns, (column, at) => marginalVariance(column, this.#cells[at]!)),
    };
  }

  #walk(node: number): void {
    const at = this.#tree.columns[node]!;
    if (at < 0) this.#leaf(this.#tree.means[node]!);
    else if (this.#columns[at]!.kind === 'choice') this.#walkChoice(node, at);
    else this.#walkNumber(node, at);
  }

  #walkNumber(node: number, at: number): void {
    const { left, right, thresholds } = this.#tree;
    const [first, end, size] = [this.#first[at]!, this.#end[at]!, this.#sizes[at]!];
    const cut = positionOf(this.#cells[at]!.thresholds, thresholds[node]!) + 1;
    this.#end[at] = cut;
    this.#sizes[at] = this.#length(at, first, cut);
    this.#walk(left[node]!);
    this.#first[at] = cut;
    this.#end[at] = end;
    this.#sizes[at] = this.#length(at, cut, end);
    this.#walk(right[node]!);
    this.#first[at] = first;
    this.#sizes[at] = size;
  }

  #length(at: number, first: number, end: number): number {
    const column = this.#columns[at]!;
    if (column.kind === 'choice') return 0;
    const { thresholds } = this.#cells[at]!;
    const low = first === 0 ? column.low : thresholds[first - 1]!;
    const high = end > thresholds.length ? column.high : thresholds[end - 1]!;
    return (high - low) / (column.high - column.low);
  }

  #walkChoice(node: number, at: number): void {
    const allowed = this.#allowed[at]!;
    const chosen = this.#tree.thresholds[node]!;
    const size = this.#sizes[at]!;
    const kept = allowed.slice();
    allowed.fill(0);
    allowed[chosen] = 1;
    this.#sizes[at] = 1 / allowed.length;
    this.#walk(this.#tree.left[node]!);
    allowed.set(kept);
    allowed[chosen] = 0;
    this.#sizes[at] = size - 1 / allowed.length;
    this.#walk(this.#tree.right[node]!);
    allowed[chosen] = 1;
    this.#sizes[at] = size;
  }

  #leaf(mean: number): void {
    let volume = 1;
    for (const size of this.#sizes) volume *= size;
    // A box without volume says nothing of the space.
    if (!(volume > 0)) return;
    this.#weightedSum += volume * mean;
    this.#weightedSquares += volume * mean ** 2;
    for (let at = 0; at < this.#sizes.length; at++) {
      const part = (volume / this.#sizes[at]!) * mean;
      const { sums } = this.#cells[at]!;
      const allowed = this.#allowed[at] ?? null;
      if (allowed === null) {
        sums[this.#first[at]!]! += part;
        sums[this.#end[at]!]! -= part;
        continue;
      }
      for (let choice = 0; choice < allowed.length; choice++)
        if (allowed[choice] === 1) sums[choice]! += part;
    }
  }
}

function marginalVariance({ kind }: Column, { sizes, sums }: Cells): number {
  let [running, mean, squares] = [0, 0, 0];
  for (let cell = 0; cell < sizes.length; cell++) {
    running = kind === 'choice' ? sums[cell]! : running + sums[cell]!;
    mean += sizes[cell]! * running;
    squares += sizes[cell]! * running ** 2;
  }
  return Math.max(0, squares - mean ** 2);
}

/**
 * The functional analysis of variance of one tree (Hutter et al. 2014, algorithm 2): each leaf weighs as much as its box
 * of the space, all values of a parameter's range, or all its choices, counting the same.
 */
export function treeVariances(tree: RegressionTree, columns: readonly Column[]): TreeVariances {
  return new BoxWalk(tree, columns).variances();
}
