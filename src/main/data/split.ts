import { StudioError } from '../../shared/ipc/errors.ts';
import { openStream } from '../../shared/random/stream.ts';
import type { DatasetInfo, SplitSpec } from '../../shared/schema/dataset.ts';
import { fingerprintIndices } from './fingerprint.ts';
import { foldSize, groupByClass, takeFold } from './folds.ts';
import type { LoadedDataset, SplitIndices } from './loaded-dataset.ts';

/** Share of a dataset without a test part that is drawn as one unless told. */
const DRAWN_TEST_SHARE = 0.2;

function range(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}

/**
 * Divides `seats` among groups in proportion to their sizes by the method of largest remainders (Hamilton); ties go to
 * the earlier group. No group gets more than its size as long as `seats` is at most their sum.
 */
export function apportion(seats: number, sizes: readonly number[]): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const quotas = sizes.map((size) => (total === 0 ? 0 : (size * seats) / total));
  const shares = quotas.map(Math.floor);
  const left = seats - shares.reduce((sum, share) => sum + share, 0);
  const order = quotas
    .map((quota, group) => ({ group, remainder: quota - Math.floor(quota) }))
    .sort((a, b) => b.remainder - a.remainder || a.group - b.group);
  for (const { group } of order.slice(0, left)) shares[group]!++;
  return shares;
}

function refuse(path: string, message: string): StudioError {
  return new StudioError('invalid-input', `split: ${message}`, { path: `data.split.${path}` });
}

function limitOf(name: 'trainLimit' | 'testLimit', limit: number | null, available: number): number {
  if (limit === null || limit <= available) return limit ?? available;
  throw refuse(
    name,
    `${name} is ${limit} and the dataset has ${available} such examples; take a smaller number or null`,
  );
}

/** Examples drawn as test part; 0 for a dataset that has one of its own. */
function drawnTestCount(spec: SplitSpec, { trainExamples, testExamples }: PartCounts): number {
  if (testExamples > 0) return 0;
  const count = spec.testExamples ?? Math.round(DRAWN_TEST_SHARE * trainExamples);
  if (count > 0 && count < trainExamples) return count;
  throw refuse(
    'testExamples',
    `${count} of the ${trainExamples} examples as test part leave none to train or to test on; take another number`,
  );
}

function devCountOf(spec: SplitSpec, available: number): number {
  const count = spec.devExamples ?? Math.min(Math.round(spec.devFraction * available), available - 1);
  if (count < available) return count;
  throw refuse(
    'devExamples',
    `${count} of the ${available} examples as dev part leave none to train on; take a smaller number`,
  );
}

/** Examples of the parts a dataset comes as; no test examples: it comes as one part. */
type PartCounts = Pick<DatasetInfo, 'trainExamples' | 'testExamples'>;

/** Numbers of examples after the split. */
export interface SplitCounts {
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

/**
 * How many examples {@link splitDataset} will put into each list, before anything is loaded.
 * @throws StudioError `invalid-input` where the dataset has too few, with the path in an experiment
 */
export function splitCounts(spec: SplitSpec, counts: PartCounts): SplitCounts {
  const drawn = drawnTestCount(spec, counts);
  const available = limitOf('trainLimit', spec.trainLimit, counts.trainExamples - drawn);
  const dev = spec.fold === undefined ? devCountOf(spec, available) : foldSize(spec.fold, available);
  const test = limitOf('testLimit', spec.testLimit, drawn || counts.testExamples);
  return { train: available - dev, dev, test };
}

/** Takes `count` of the rows, by class where there are labels; both lists keep the order of `rows`. */
function take(
  rows: Int32Array,
  count: number,
  labels: Int32Array | null,
): { taken: Int32Array; left: Int32Array } {
  const groups = groupByClass(rows, labels);
  const sizes = groups.map((group) => group.length);
  const shares = apportion(count, sizes);
  const chosen = new Set(groups.flatMap((group, place) => group.slice(0, shares[place])));
  return { taken: rows.filter((row) => chosen.has(row)), left: rows.filter((row) => !chosen.has(row)) };
}

/**
 * Divides a dataset by seed. One with a test part keeps it, and its training part is divided into train and dev; of one
 * that comes as one part `testExamples` rows (a fifth where that is null) are drawn as test part first. Dev has exactly
 * `devExamples` rows, or round(devFraction * n) with at least one left for train. Stratified, each class gives its share
 * of what is drawn, by largest remainder. With a fold, its seed draws the test part and the cut, whatever `seed` is.
 * Rows of each list are in ascending order.
 * @throws StudioError `invalid-input` where the dataset has too few examples
 */
export function splitDataset(dataset: LoadedDataset, spec: SplitSpec, seed: number): SplitIndices {
  const isOnePart = dataset.info.testExamples === 0;
  const rowCount = dataset.train.exampleCount;
  const counts = { trainExamples: rowCount, testExamples: isOnePart ? 0 : dataset.test.exampleCount };
  const sizes = splitCounts(spec, counts);
  const target = dataset.train.targets[0];
  const labels = spec.stratified && target instanceof Int32Array ? target : null;
  const shuffled = openStream(spec.fold?.seed ?? seed, 'split').shuffle(range(rowCount));
  const drawn = take(shuffled, drawnTestCount(spec, counts), labels);
  const test = isOnePart ? drawn.taken.slice(0, sizes.test).sort() : range(sizes.test);
  const rows = drawn.left.subarray(0, sizes.train + sizes.dev);
  const parts = spec.fold === undefined ? take(rows, sizes.dev, labels) : takeFold(rows, spec.fold, labels);
  const [train, dev] = [parts.left.sort(), parts.taken.sort()];
  return { train, dev, test, sha256: fingerprintIndices([train, dev, test]) };
}
