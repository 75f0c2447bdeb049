import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../dataset-test-kit.ts';
import { loadDataset, splitDataset } from '../index.ts';
import type { TargetValues } from '../loaded-dataset.ts';
import { sharedFile } from '../readers/reader-test-kit.ts';
import { importDataset } from './import-dataset.ts';

const folder = temporaryFolder();
const root = sharedFile('.');

const filesOf = (name: string): string[] =>
  readdirSync(join(root ?? '', name)).map((file) => join(root ?? '', name, file));
const load = (dataset: string, table: { features: string[]; target: string } | null = null) =>
  loadDataset({ dataset, generator: null, table }, folder.path);

function countClasses(labels: TargetValues): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

const mean = (values: Iterable<number>): number => {
  let [sum, count] = [0, 0];
  for (const value of values) {
    sum += value;
    count++;
  }
  return sum / count;
};

// Only machines that lend themselves to tests have the data; the studio never needs the folder.
describe.skipIf(root === null)('the published datasets', () => {
  beforeAll(async () => {
    for (const name of ['fashion-mnist', 'usps', 'cifar-10', 'house-prices']) {
      await importDataset({ paths: filesOf(name), columnTypes: {} }, folder.path);
    }
  });
  afterAll(() => folder.remove());

  it('Fashion-MNIST: recognised, 6,000 and 1,000 of each class, the bytes of the files', async () => {
    const { info, train, test } = await load('fashion-mnist');
    expect(info.classes[9]).toBe('Ankle boot');
    expect(countClasses(train.targets[0]!)).toEqual(new Array(10).fill(6_000));
    expect(countClasses(test.targets[0]!)).toEqual(new Array(10).fill(1_000));
    // The mean and deviation that every tutorial normalises with: 0.2860 and 0.3530.
    expect(mean(train.features.values) / 255).toBeCloseTo(0.286, 4);
    const raw = gunzipSync(
      readFileSync(join(root ?? '', 'fashion-mnist/t10k-images-idx3-ubyte.gz')),
    ).subarray(16);
    const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(test.features.values as Uint8Array)).toBe(sha256(raw));
  });

  it('USPS: the class counts of zip.info, and no grey value lost', async () => {
    const { train, test } = await load('usps');
    expect(countClasses(train.targets[0]!)).toEqual([1194, 1005, 731, 658, 652, 556, 664, 645, 542, 644]);
    expect(countClasses(test.targets[0]!)).toEqual([359, 264, 198, 166, 200, 160, 170, 147, 166, 177]);
    const text = gunzipSync(readFileSync(join(root ?? '', 'usps/zip.train.gz'))).toString('latin1');
    const [, ...firstRow] = text.split('\n')[0]!.trim().split(/\s+/).map(Number);
    const found = [...train.features.values.subarray(0, 256)].map((value) => 2 * value - 1);
    expect(Math.max(...found.map((value, i) => Math.abs(value - firstRow[i]!)))).toBeLessThan(1e-6);
  });

  it('coloured USPS: the digits of USPS in five colours, divided as report 4 does', async () => {
    const dataset = await load('coloured-usps');
    expect(countClasses(dataset.train.targets[0]!)[0]).toBe(1194);
    const spec = { devFraction: 0.1, devExamples: 1_291, testExamples: null, stratified: true };
    const { train, dev, test } = splitDataset(dataset, { ...spec, trainLimit: null, testLimit: null }, 1);
    expect([train.length, dev.length, test.length]).toEqual([6_000, 1_291, 2_007]);
  });

  it('CIFAR-10: three batches and the test batch, with the published channel means', async () => {
    const { info, train, test } = await load('cifar-10');
    expect(info).toMatchObject({ trainExamples: 30_000, testExamples: 10_000 });
    expect(countClasses(test.targets[0]!)).toEqual(new Array(10).fill(1_000));
    const sums = [0, 0, 0];
    train.features.values.forEach((value, index) => (sums[index % 3]! += value));
    const channelMeans = sums.map((sum) => sum / 255 / (30_000 * 1_024));
    // Published for all 50,000: 0.4914, 0.4822, 0.4465.
    for (const [channel, expected] of [0.4914, 0.4822, 0.4465].entries()) {
      expect(Math.abs(channelMeans[channel]! - expected)).toBeLessThan(0.004);
    }
  });

  it('Ames: 1,460 houses in dollars, four features, 1,000 / 200 / 260', async () => {
    const features = ['OverallQual', 'YearBuilt', 'TotalBsmtSF', 'GrLivArea'];
    const dataset = await load('ames-house-prices', { features, target: 'SalePrice' });
    expect(dataset.info).toMatchObject({ featureShape: [4], trainExamples: 1_460, testExamples: 0 });
    expect(dataset.info.targets).toEqual([{ name: 'SalePrice', kind: 'number', classes: [], unit: 'USD' }]);
    expect(mean(dataset.train.targets[0]!)).toBeCloseTo(180_921.1959, 3);
    const missing = Object.fromEntries(
      dataset.info.columns!.map((column) => [column.name, column.missingCount]),
    );
    expect(missing).toMatchObject({ LotFrontage: 259, GarageYrBlt: 81, Alley: 1_369, MasVnrArea: 8 });
    const spec = { devFraction: 0.1, devExamples: 200, testExamples: 260, stratified: true };
    const { train, dev, test } = splitDataset(dataset, { ...spec, trainLimit: null, testLimit: null }, 1);
    expect([train.length, dev.length, test.length]).toEqual([1_000, 200, 260]);
  });

  it('load in well under a second each', async () => {
    for (const id of ['fashion-mnist', 'cifar-10', 'coloured-usps']) {
      const durationsMs: number[] = [];
      for (let time = 0; time < 3; time++) {
        const startMs = performance.now();
        await load(id);
        durationsMs.push(performance.now() - startMs);
      }
      // The best of three: the machine may be at other work.
      expect(Math.min(...durationsMs)).toBeLessThan(1_000);
    }
  });
});
