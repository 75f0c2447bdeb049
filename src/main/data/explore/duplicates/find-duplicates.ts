import type { Duplicates } from '../../../../shared/schema/explore.ts';
import type { TargetValues } from '../../loaded-dataset.ts';
import { splitParts, widthOf, type ExploredDataset, type PartRows } from '../explored-dataset.ts';
import { Pacer, type OnProgress } from '../progress.ts';
import { findEqualRows } from './equal-rows.ts';
import { featureWeights } from './feature-weights.ts';
import { NearestRows } from './nearest-row.ts';
import { outlineParts } from './outlines.ts';

type Pair = Duplicates['pairs'][number];

/** Pairs beyond these, the farthest, are not sent: it would be some megabytes that nobody reads. */
const MOST_PAIRS = 20_000;

/** Train and dev: a model that is chosen by dev has seen both. Rows ascending. */
function learnedRows(explored: ExploredDataset): PartRows {
  const { dataset, split } = explored;
  return { set: dataset.train, rows: Int32Array.from([...split.train, ...split.dev]).sort() };
}

function rangeOf(parts: readonly PartRows[]): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (const { set, rows } of parts) {
    for (const row of rows) {
      const value = set.targets[0]![row]!;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  return greatest > least ? greatest - least : 0;
}

/** Labels agree when they are equal, numbers when they differ by at most the threshold's share of their range. */
function createAgreement(
  explored: ExploredDataset,
  threshold: number,
): (train: number, test: number) => boolean {
  const { train, test } = explored.dataset;
  const trainValues: TargetValues = train.targets[0]!;
  const testValues: TargetValues = test.targets[0]!;
  const allowed = trainValues instanceof Int32Array ? 0 : threshold * rangeOf(splitParts(explored));
  return (trainRow, testRow) => Math.abs(trainValues[trainRow]! - testValues[testRow]!) <= allowed;
}

/** The nearest training row of each test row that has none equal to it. */
async function findNear(
  parts: { readonly train: PartRows; readonly test: PartRows },
  weight: Float64Array,
  threshold: number,
  equal: Int32Array,
  onProgress: OnProgress,
): Promise<{ train: number; test: number; distance: number }[]> {
  const { train, test } = parts;
  const rootWidth = Math.sqrt(weight.length);
  const search = new NearestRows(train, test, weight, await outlineParts(train, test, weight, onProgress));
  const pacer = new Pacer(onProgress);
  const found: { train: number; test: number; distance: number }[] = [];
  for (let place = 0; place < test.rows.length; place++) {
    if (equal[place]! >= 0) continue;
    const nearest = search.find(place, threshold * rootWidth);
    if (nearest !== null) {
      found.push({ train: nearest.row, test: test.rows[place]!, distance: nearest.distance / rootWidth });
    }
    if (pacer.isDue) await pacer.turn(place + 1, test.rows.length, 'test examples');
  }
  return found;
}

/**
 * For each test example its nearest one among the rows of train and dev, where the root mean squared difference of their
 * features, as a share of the features' range (see `featureWeights`), is at most the threshold. Of several training rows
 * at the same distance the first is named. Nearest pairs first, then by test row; at most 20,000 of them.
 */
export async function findDuplicates(
  explored: ExploredDataset,
  threshold: number,
  onProgress: OnProgress,
): Promise<Duplicates> {
  const train = learnedRows(explored);
  const [, , test] = splitParts(explored);
  const width = widthOf(explored.dataset);
  const equal = findEqualRows(train, test, width);
  const near =
    threshold > 0
      ? await findNear({ train, test }, featureWeights(explored), threshold, equal, onProgress)
      : [];
  const agree = createAgreement(explored, threshold);
  const pairs: Pair[] = near.map((pair) => ({ ...pair, agree: agree(pair.train, pair.test) }));
  equal.forEach((row, place) => {
    const testRow = test.rows[place]!;
    if (row >= 0) pairs.push({ train: row, test: testRow, distance: 0, agree: agree(row, testRow) });
  });
  pairs.sort((a, b) => a.distance - b.distance || a.test - b.test);
  return {
    pairs: pairs.slice(0, MOST_PAIRS),
    threshold,
    comparedTrain: train.rows.length,
    comparedTest: test.rows.length,
  };
}
