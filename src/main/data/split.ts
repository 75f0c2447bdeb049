import { StudioError } from '../../shared/ipc/errors.ts';
import { openStream } from '../../shared/random/stream.ts';
import type { SplitSpec } from '../../shared/schema/dataset.ts';
import { fingerprintIndices } from './fingerprint.ts';
import type { LoadedDataset, SplitIndices } from './loaded-dataset.ts';

function range(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}

/** Row numbers of each class in label order, each in the order of `rows`; without labels one group of all. */
function groupByClass(rows: Int32Array, labels: Int32Array | null): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const label = labels === null ? 0 : labels[row]!;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
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

function checkLimit(name: string, limit: number | null, available: number): number {
  if (limit === null) return available;
  if (limit <= available) return limit;
  throw new StudioError(
    'invalid-input',
    `split: ${name} is ${limit} and the dataset has ${available} such examples; take a smaller number or null`,
    { path: `data.split.${name}`, limit, available },
  );
}

/**
 * Divides the training part into train and dev by seed and keeps the test part as it comes. Dev has exactly
 * round(devFraction * n) rows (train keeps at least one); stratified, each class gives its share of them by largest
 * remainder. Rows of each list are in ascending order.
 * @throws StudioError `invalid-input` where a limit is larger than the dataset
 */
export function splitDataset(dataset: LoadedDataset, spec: SplitSpec, seed: number): SplitIndices {
  const trainCount = checkLimit('trainLimit', spec.trainLimit, dataset.train.exampleCount);
  const test = range(checkLimit('testLimit', spec.testLimit, dataset.test.exampleCount));
  const shuffled = openStream(seed, 'split')
    .shuffle(range(dataset.train.exampleCount))
    .subarray(0, trainCount);
  const { targets } = dataset.train;
  const labels = spec.stratified && targets instanceof Int32Array ? targets : null;
  const groups = groupByClass(shuffled, labels);
  const devCount = Math.min(Math.round(spec.devFraction * trainCount), trainCount - 1);
  const shares = apportion(
    devCount,
    groups.map((group) => group.length),
  );
  const dev = Int32Array.from(groups.flatMap((group, i) => group.slice(0, shares[i]))).sort();
  const train = Int32Array.from(groups.flatMap((group, i) => group.slice(shares[i]))).sort();
  return { train, dev, test, sha256: fingerprintIndices([train, dev, test]) };
}
