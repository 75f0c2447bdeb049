import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetInfo as infoSchema } from '../../shared/schema/dataset.ts';
import { datasetInfo, listDatasets } from './catalogue.ts';
import { storeStandIns, temporaryFolder } from './dataset-test-kit.ts';

const folder = temporaryFolder();
const empty = join(folder.path, 'empty');
const full = join(folder.path, 'full');
beforeAll(() => storeStandIns(full));
afterAll(() => folder.remove());

const choice = (dataset: string) => ({ dataset, generator: null, table: null });
const generator = { trainExamples: 12, testExamples: 7, noise: 0, seed: 0 };

describe('listing datasets', () => {
  it('has the studio’s own ones on a machine without any other', () => {
    expect(listDatasets(empty).map(({ id }) => id)).toEqual(['mnist', 'spirals', 'circles', 'noisy-1d']);
  });

  it('has those of the catalogue once they are stored, coloured USPS with USPS, in the contract’s form', () => {
    const listed = listDatasets(full);
    expect(listed.map(({ id }) => id)).toEqual([
      'mnist',
      'spirals',
      'circles',
      'noisy-1d',
      'fashion-mnist',
      'usps',
      'coloured-usps',
      'cifar-10',
      'ames-house-prices',
    ]);
    for (const info of listed) expect(infoSchema.parse(info)).toEqual(info);
    expect(listed.every(({ available }) => available)).toBe(true);
  });

  it('leaves a damaged one out and says why', () => {
    const home = join(folder.path, 'damaged');
    mkdirSync(join(home, 'mine'), { recursive: true });
    writeFileSync(join(home, 'mine', 'manifest.json'), '{"version": 1');
    const damaged: string[] = [];
    const listed = listDatasets(home, (id, reason) => damaged.push(`${id} ${reason.code}`));
    expect(listed.map(({ id }) => id)).not.toContain('mine');
    expect(damaged).toEqual(['mine data-damaged']);
  });
});

describe('what is known of a dataset', () => {
  it('takes the counts of the generator asked for', () => {
    const info = datasetInfo({ ...choice('circles'), generator }, empty);
    expect(info).toMatchObject({ trainExamples: 12, testExamples: 7, generated: true });
  });

  it.each([
    ['fashion-mnist', [28, 28, 1], 60_000, 10_000, ['garment']],
    ['usps', [16, 16, 1], 7_291, 2_007, ['digit']],
    ['coloured-usps', [16, 16, 3], 7_291, 2_007, ['digit', 'colour']],
    ['cifar-10', [32, 32, 3], 50_000, 10_000, ['object']],
  ])('of %s is what was published while it is not here', (id, shape, train, test, targets) => {
    const info = datasetInfo(choice(id), empty);
    expect(info).toMatchObject({
      available: false,
      featureShape: shape,
      trainExamples: train,
      testExamples: test,
    });
    expect(info.targets.map(({ name }) => name)).toEqual(targets);
    expect(infoSchema.parse(info)).toEqual(info);
  });

  it('of a table that is not here follows the columns chosen', () => {
    const table = { features: ['OverallQual', 'GrLivArea'], target: 'SalePrice' };
    const info = datasetInfo({ ...choice('ames-house-prices'), table }, empty);
    expect(info).toMatchObject({
      available: false,
      task: 'regression',
      featureNames: ['OverallQual', 'GrLivArea'],
      targets: [{ name: 'SalePrice', kind: 'number', unit: 'USD' }],
      trainExamples: 1_460,
      testExamples: 0,
    });
    const withCategory = { features: ['Neighborhood'], target: 'SalePrice' };
    expect(() => datasetInfo({ ...choice('ames-house-prices'), table: withCategory }, empty)).toThrow(
      /Neighborhood.*not known without it/,
    );
  });

  it.each([
    ['mnist', { generator }, 'data.generator'],
    ['circles', { table: { features: ['x'], target: 'y' } }, 'data.table'],
    ['mnist', { table: { features: ['x'], target: 'y' } }, 'data.table'],
    ['fashion-mnist', { table: { features: ['x'], target: 'y' } }, 'data.table'],
    ['cifar-10', { generator }, 'data.generator'],
  ])('of %s with options that are not for it is refused: %o', (id, options, path) => {
    for (const home of [empty, full]) {
      expect(() => datasetInfo({ ...choice(id), ...options }, home)).toThrow(
        expect.objectContaining({ code: 'invalid-input', details: expect.objectContaining({ path }) }),
      );
    }
  });

  it('of one that nobody knows is not found', () => {
    expect(() => datasetInfo(choice('my-lost-data'), empty)).toThrow(
      expect.objectContaining({
        code: 'not-found',
        details: expect.objectContaining({ path: 'data.dataset' }),
      }),
    );
  });
});
