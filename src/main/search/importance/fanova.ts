import { openStream } from '../../../shared/random/stream.ts';
import type { Column } from './columns.ts';
import { treeVariances } from './marginals.ts';
import { TreeGrower } from './regression-tree.ts';

/** Trees of the forest, as Optuna takes them. */
const TREES = 64;

function standardise(targets: Float64Array): Float64Array {
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
  const square = targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length;
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  return targets.map((value) => (value - mean) * scale);
}

/** How often each of some rows comes when as many as there are are drawn with replacement. */
function drawCounts(rows: number, seed: number, tree: number): Int32Array {
  const stream = openStream(seed, 'search', `importance sample ${tree}`);
  const counts = new Int32Array(rows);
  for (let drawn = 0; drawn < rows; drawn++) counts[stream.nextInteger(rows)]!++;
  return counts;
}

/**
 * The share of the variance of a random forest's predictions that each column explains by itself (Hutter, Hoos and
 * Leyton-Brown 2014), a mean over trees as in Optuna's FanovaImportanceEvaluator, but that the marginal over a choice
 * counts its values, as the paper has it, and not all patterns of its indicators. What columns explain together is left
 * out, so that the shares add up to 1 at most. All 0 where no tree finds anything to split. Pauses after every tree.
 * @param targets one for each row
 */
export function* fanova(
  columns: readonly Column[],
  targets: Float64Array,
  seed: number,
): Generator<undefined, Float64Array, undefined> {
  // Squares of what is centred lose no digits; shares do not depend on the scale.
  const grower = new TreeGrower(columns, standardise(targets));
  const shares = new Float64Array(columns.length);
  let counted = 0;
  for (let tree = 0; tree < TREES; tree++) {
    const grown = grower.grow(
      drawCounts(targets.length, seed, tree),
      openStream(seed, 'search', `importance columns ${tree}`),
    );
    const { total, marginal } = treeVariances(grown, columns);
    yield;
    if (total <= 0) continue;
    counted++;
    marginal.forEach((variance, at) => (shares[at]! += variance / total));
  }
  return counted === 0 ? shares : shares.map((share) => share / counted);
}
