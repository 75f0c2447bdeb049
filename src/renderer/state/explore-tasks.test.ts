import { describe, expect, it } from 'vitest';
import type { Duplicates, Projection } from '../../shared/schema/explore.ts';
import { ExplorerTasks } from './explore-tasks.svelte.ts';
import { Explorer } from './explore.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleDataset, sampleDetail, sampleExperiment, sampleRun } from './testing/samples.ts';

const projection: Projection = {
  method: 'pca',
  part: Uint8Array.of(0),
  rows: Int32Array.of(0),
  x: Float32Array.of(0),
  y: Float32Array.of(0),
  explained: [0.5, 0.25],
};
const duplicates: Duplicates = { pairs: [], threshold: 0, comparedTrain: 1, comparedTest: 1 };

/** A run on other points than the dataset makes by itself. */
function otherPoints() {
  const detail = sampleDetail(sampleRun(), 0);
  const generator = { trainExamples: 5, testExamples: 5, noise: 0, seed: 9 };
  const data = { ...sampleExperiment.data, generator };
  return { ...detail, experiment: { ...detail.experiment, data } };
}

function open() {
  const fake = createFakeClient({
    'explore.projection': () => projection,
    'explore.duplicates': () => duplicates,
    'explore.statistics': () => ({ classCounts: [], features: [], correlation: null, classImages: null }),
    'runs.get': otherPoints,
    'tasks.cancel': () => ({}),
  });
  const explorer = new Explorer(fake.client, { ...sampleDataset, trainExamples: 5, testExamples: 5 });
  return { fake, explorer, tasks: new ExplorerTasks(explorer) };
}

describe('what is computed about a dataset', () => {
  it('is asked about the examples as they are split, under a name of its own', async () => {
    const { fake, tasks } = open();
    await tasks.project('umap', 500);
    await tasks.findDuplicates(0.02);
    const [first, second] = fake.calls.map(({ params }) => params as Record<string, unknown>);
    expect(first).toMatchObject({ data: { dataset: 'mnist' }, seed: 1, method: 'umap', examples: 500 });
    expect(second).toMatchObject({ threshold: 0.02 });
    expect(first!['task']).not.toBe(second!['task']);
    expect([tasks.projected, tasks.compared]).toEqual([projection, duplicates]);
  });

  it('is not shown of other examples than those it was computed of', async () => {
    const { explorer, tasks } = open();
    await tasks.project('pca', 100);
    await tasks.findDuplicates(0);
    await explorer.chooseRun('first', 'run0000001');
    expect([tasks.projected, tasks.compared]).toEqual([null, null]);
  });

  it('is asked for once per split', async () => {
    const { fake, tasks } = open();
    tasks.askStatistics();
    tasks.askStatistics();
    expect(fake.calls).toHaveLength(1);
    await tasks.statistics.settled();
    expect(tasks.statistics.value?.features).toEqual([]);
  });
});
