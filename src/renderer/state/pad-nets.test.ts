import { beforeEach, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { RunDetail } from '../../shared/schema/run.ts';
import { firstLayer, PadNets, refusalOf } from './pad-nets.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleDataset, sampleDetail, sampleExperiment, sampleModel, sampleRun } from './testing/samples.ts';

const layer = (name: string, kind: string, parameterCount: number) => ({
  index: 0,
  name,
  kind,
  inputs: [],
  outputShape: [10],
  parameterCount,
  receptiveField: null,
  forwardFlops: 0,
});

/** A finished classifier of images. */
function net(
  id: string,
  change: Partial<RunDetail> = {},
  inputShape: readonly number[] = [28, 28, 1],
): RunDetail {
  const detail = sampleDetail(sampleRun({ id, name: `Net ${id}`, state: 'finished' }), 2);
  return { ...detail, model: { ...sampleModel, inputShape: [...inputShape] }, ...change };
}

const numbers: DatasetInfo = {
  ...sampleDataset,
  targets: [{ name: 'age', kind: 'number', classes: [], unit: null }],
};

describe('why a run is not on the pad', () => {
  const experiment = sampleExperiment;
  it.each([
    [
      'a lab',
      net('a', { experiment: { ...experiment, lab: { kind: 'chained-products' } as never } }),
      /no net/,
    ],
    ['a machine', net('a', { experiment: { ...experiment, svm: {} as never } }), /support vector machine/],
    ['one that trains', { ...net('a'), summary: sampleRun({ state: 'running' }) }, /running/],
    ['one of rows', net('a', {}, [4]), /rows of 4 numbers/],
    ['one of strange images', net('a', {}, [8, 8, 4]), /4 channels/],
    ['one of another shape', net('a', {}, [16, 16, 1]), /16 × 16 × 1, those on the pad read 28 × 28 × 1/],
  ] as const)('is said of %s', (_, run, words) => {
    expect(refusalOf(run, [28, 28, 1], [sampleDataset])).toMatch(words);
  });

  it('is said of one that predicts numbers, by the targets it is judged on', () => {
    expect(refusalOf(net('a'), null, [numbers])).toMatch(/names no classes/);
    const two = { ...numbers, targets: [...numbers.targets, ...sampleDataset.targets] };
    const heads = [{ name: 'digit', layer: 'out', target: 'digit', weight: 1 }];
    const run = net('a', { experiment: { ...experiment, model: { ...experiment.model, heads } } });
    expect(refusalOf(run, null, [two])).toBeNull();
  });

  it('is nothing for a finished classifier of images of the same shape', () => {
    expect(refusalOf(net('a'), null, [])).toBeNull();
    expect(refusalOf(net('a'), [28, 28, 1], [sampleDataset])).toBeNull();
  });
});

describe('the layer whose maps are shown first', () => {
  it('is the first convolution, else the first with weights', () => {
    const model = (layers: RunDetail['model']['layers']) => net('a', { model: { ...sampleModel, layers } });
    const dense = layer('dense', 'dense', 90);
    expect(firstLayer(model([dense, layer('conv', 'conv2d', 9)]))).toBe('conv');
    expect(firstLayer(model([layer('flat', 'flatten', 0), dense]))).toBe('dense');
    expect(firstLayer(model([]))).toBeNull();
  });
});

describe('the nets on the pad', () => {
  let fake: FakeClient;
  let nets: PadNets;
  const known = new Map(['a', 'b', 'c', 'd', 'e'].map((id) => [id, net(id)]));

  beforeEach(() => {
    known.set('rows', net('rows', {}, [7]));
    fake = createFakeClient({
      'runs.get': ({ runId }: { runId: string }) => {
        const found = known.get(runId);
        if (found === undefined) throw new Error(`runs: no run ${runId}`);
        return found;
      },
      'datasets.list': () => ({
        datasets: [sampleDataset, { ...sampleDataset, id: 'circles', featureShape: [2] }],
      }),
      'runs.list': () => ({
        total: 3,
        runs: [
          known.get('a')!.summary,
          known.get('b')!.summary,
          sampleRun({ id: 'ring', dataset: 'circles' }),
        ],
      }),
    });
    nets = new PadNets(fake.client);
  });

  const ids = () => nets.nets.map(({ detail }) => detail.summary.id);

  it('are those that can be drawn to, in their order; the others are told of', async () => {
    await nets.choose(['b', 'gone', 'rows', 'a', 'b']);
    expect([ids(), nets.shape]).toEqual([
      ['b', 'a'],
      [28, 28, 1],
    ]);
    expect(nets.refused.map(({ runId, reason }) => [runId, reason])).toEqual([
      ['gone', 'runs: no run gone'],
      ['rows', 'it reads rows of 7 numbers, not images'],
    ]);
  });

  it('are four at most', async () => {
    await nets.choose(['a', 'b', 'c', 'd', 'e']);
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(nets.refused).toMatchObject([{ runId: 'e', reason: 'the pad holds 4 nets' }]);
  });

  it('keep the layer chosen while others come and go, and are read once', async () => {
    await nets.choose(['a']);
    nets.showLayer('a', 'late');
    await nets.choose(['c', 'a']);
    expect(nets.nets.map((one) => one.layer)).toEqual([null, 'late']);
    expect(fake.calls.filter(({ name }) => name === 'runs.get').length).toBe(2);
    await nets.choose([]);
    expect([ids(), nets.shape]).toEqual([[], null]);
  });

  it('are offered from the finished runs on images of that shape', async () => {
    await nets.choose(['a']);
    await nets.loadCandidates();
    expect(nets.offered.map(({ id }) => id)).toEqual(['b']);
    await nets.choose([]);
    expect(nets.offered.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
