import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contract, type StudioHandlers } from '../../shared/ipc/contract.ts';
import { dataSpec, type DataSpec } from '../../shared/schema/dataset.ts';
import { storeStandIns } from '../data/dataset-test-kit.ts';
import { createNodeHost } from '../host/node-host.ts';
import { projectRoot } from '../host/paths.ts';
import { builtPrograms } from '../host/programs.ts';
import { startTestStudio, temporaryHome, type TestStudio } from './studio-test-kit.ts';

const root = projectRoot();
/** The explorer as it is in the sources, in a process of its own. */
const explorerHost = createNodeHost({
  programs: { ...builtPrograms(root), explorer: join(root, 'src', 'main', 'explorer', 'main.ts') },
});

let home: ReturnType<typeof temporaryHome>;
let studio: TestStudio;
let calls: StudioHandlers;

function open(): void {
  studio = startTestStudio(home.path, { host: explorerHost });
  calls = studio.handlers;
}

beforeEach(() => {
  home = temporaryHome();
  open();
});
afterEach(async () => {
  await studio.studio.close(0);
  home.remove();
});

const of = (dataset: string, change: Partial<DataSpec> = {}) => ({
  data: dataSpec.parse({ dataset, ...change }),
  seed: 1,
});

describe('the calls of the dataset explorer', () => {
  it('answer for every kind of dataset what the contract says', { timeout: 120_000 }, async () => {
    await storeStandIns(join(home.path, 'datasets'));
    const table = { features: ['OverallQual', 'GrLivArea'], target: 'SalePrice' };
    const cases = [
      of('usps'),
      of('coloured-usps'),
      of('cifar-10'),
      of('ames-house-prices', { table }),
      of('spirals'),
      of('noisy-1d'),
    ];
    for (const data of cases) {
      const columns = await calls['explore.columns'](data);
      expect(contract['explore.columns'].result.parse(columns)).toEqual(columns);
      const statistics = await calls['explore.statistics'](data);
      expect(statistics.classCounts).toHaveLength(columns.info.task === 'regression' ? 0 : 3);
      const examples = 50;
      const pca = await calls['explore.projection']({ ...data, method: 'pca', examples, task: 'pca' });
      expect([pca.rows.length, pca.x.length, pca.y.length]).toEqual([50, 50, 50]);
      const umap = await calls['explore.projection']({ ...data, method: 'umap', examples, task: 'umap' });
      expect(umap.rows).toEqual(pca.rows);
      const { comparedTrain, comparedTest } = await calls['explore.duplicates']({
        ...data,
        threshold: 0.1,
        task: 'duplicates',
      });
      const inSplits = columns.parts.reduce(
        (sum, { split }) => sum + split.filter((code) => code < 3).length,
        0,
      );
      expect(comparedTrain + comparedTest).toBe(inSplits);
    }
  });

  it('tell how far a search through MNIST is, and end it when it is cancelled', async () => {
    const search = { ...of('mnist'), threshold: 0.3, task: 'find twins' };
    const outcome = Promise.resolve(calls['explore.duplicates'](search)).then(
      () => 'finished',
      (error: unknown) => (error as { code: string }).code,
    );
    await expect
      .poll(() => studio.events.of('task.progress').some(({ secondsLeft }) => secondsLeft !== null), {
        timeout: 30_000,
      })
      .toBe(true);
    expect(studio.events.of('task.progress')[0]).toMatchObject({ task: 'find twins' });
    await calls['tasks.cancel']({ task: 'find twins' });
    expect(await outcome).toBe('cancelled');
    // The next question has a new process to answer it.
    expect((await calls['explore.statistics'](of('circles'))).features).toHaveLength(2);
  });

  it('answer from the dataset that is there now', async () => {
    const datasets = join(home.path, 'datasets');
    await storeStandIns(datasets);
    const count = async (): Promise<number | undefined> => {
      const { classCounts } = await calls['explore.statistics'](of('usps'));
      return classCounts.flatMap((counts) => [...counts]).reduce((sum, value) => sum + value, 0);
    };
    expect(await count()).toBe(260);
    for (const id of ['usps', 'fashion-mnist', 'cifar-10', 'ames-house-prices']) {
      await calls['datasets.remove']({ id });
    }
    await expect(count()).rejects.toMatchObject({ code: 'not-found' });
    await storeStandIns(datasets, { trainExamples: 100, testExamples: 20 });
    expect(await count()).toBe(120);
  });

  it('keep notes for the next studio, until they are taken away', async () => {
    const example = { dataset: 'mnist', part: 'train', row: 5 } as const;
    const noted = await calls['explore.annotate']({ ...example, note: { kind: 'label', text: 'a 3' } });
    expect(contract['explore.annotate'].result.parse(noted)).toEqual(noted);
    await studio.studio.close(0);
    open();
    expect(await calls['explore.notes']({ dataset: 'mnist' })).toEqual(noted);
    expect(await calls['explore.annotate']({ ...example, note: null })).toEqual({
      dataset: 'mnist',
      notes: [],
    });
  });

  it('say which part of the data is wrong', async () => {
    const impossible = of('circles', { split: dataSpec.shape.split.parse({ trainLimit: 1_000 }) });
    const fault = { code: 'invalid-input', details: { path: 'data.split.trainLimit' } };
    await expect(calls['explore.columns'](impossible)).rejects.toMatchObject(fault);
    await expect(calls['explore.statistics'](impossible)).rejects.toMatchObject(fault);
  });
});
