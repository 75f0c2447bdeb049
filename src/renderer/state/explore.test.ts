import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { ExampleNote } from '../../shared/schema/explore.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { RunDetail } from '../../shared/schema/run.ts';
import { Explorer } from './explore.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { classificationOf } from './testing/sample-results.ts';
import { sampleDataset, sampleDetail, sampleExperiment, sampleRun } from './testing/samples.ts';

const CLASSES = ['a', 'b'];
const TRAIN = 6;
const TEST = 4;
const LABELS = { train: [0, 1, 0, 1, 0, 1], test: [0, 0, 1, 1] };
const settle = () => new Promise((resolve) => setTimeout(resolve));

const info: DatasetInfo = {
  ...sampleDataset,
  id: 'points',
  featureShape: [2],
  featureNames: ['x', 'y'],
  classes: CLASSES,
  targets: [{ name: 'kind', kind: 'class', classes: CLASSES, unit: null }],
  trainExamples: TRAIN,
  testExamples: TEST,
};

/** Rows of the splits: dev is the last of the training part, or the first under the run's own seed. */
const splitOf = (seed: number) => (seed === 1 ? [0, 0, 0, 0, 0, 1] : [1, 0, 0, 0, 0, 0]);

function detailOf(id: string, seed: number, table: string[] | null = null): RunDetail {
  const detail = sampleDetail(sampleRun({ id, seed, dataset: 'points' }), 0);
  const data = {
    ...sampleExperiment.data,
    dataset: 'points',
    table: table === null ? null : { features: table, target: 'kind' },
  };
  return { ...detail, experiment: { ...detail.experiment, data } };
}

const RUNS: Readonly<Record<string, RunDetail>> = {
  run0000001: detailOf('run0000001', 5),
  run0000002: detailOf('run0000002', 6),
  run0000003: detailOf('run0000003', 5, ['x']),
};

interface ExamplesAsked {
  readonly part: 'train' | 'test';
  readonly rows: number[];
}

function answers(notes: ExampleNote[]) {
  return {
    'runs.list': () => ({
      runs: [sampleRun({ dataset: 'points' }), sampleRun({ id: 'other00000', dataset: 'points-too' })],
      total: 2,
    }),
    'runs.get': ({ runId }: { runId: string }) => RUNS[runId],
    'explore.columns': ({ seed }: { seed: number }) => ({
      info,
      sha256: '',
      parts: [
        {
          part: 'train',
          exampleCount: TRAIN,
          targets: [Int32Array.from(LABELS.train)],
          split: Uint8Array.from(splitOf(seed)),
        },
        {
          part: 'test',
          exampleCount: TEST,
          targets: [Int32Array.from(LABELS.test)],
          split: new Uint8Array(TEST).fill(2),
        },
      ],
    }),
    'explore.notes': () => ({ dataset: 'points', notes: [...notes] }),
    'explore.annotate': (given: { part: 'train' | 'test'; row: number; note: ExampleNote | null }) => {
      const others = notes.filter((one) => one.part !== given.part || one.row !== given.row);
      notes.splice(0, notes.length, ...others);
      if (given.note !== null) notes.push({ ...given.note, part: given.part, row: given.row });
      return { dataset: 'points', notes: [...notes] };
    },
    'datasets.examples': ({ part, rows }: ExamplesAsked) => ({
      shape: [2],
      rows: Int32Array.from(rows),
      values: Float32Array.from(rows.flatMap((row) => [row, part === 'test' ? 1 : 0])),
      targets: [Int32Array.from(rows, (row) => LABELS[part][row]!)],
    }),
    // Always says "a", and is the surer the higher the row.
    'results.get': ({ split }: { split: SplitName }) => {
      const actual = split === 'test' ? LABELS.test : split === 'dev' ? [0] : LABELS.train.slice(1);
      const first = split === 'train' ? 1 : 0;
      const result = classificationOf(
        CLASSES,
        actual,
        actual.map(() => 0),
        actual.map((_, at) => 0.5 + at / 20),
        first,
      );
      const exampleLoss = Float32Array.from(actual, (label, at) => (label === 0 ? 0.1 : 1 + at));
      return { runId: '', epoch: 3, split, heads: [{ name: 'kind', result: { ...result, exampleLoss } }] };
    },
  };
}

describe('a dataset looked through', () => {
  let fake: FakeClient;
  let notes: ExampleNote[];
  let explorer: Explorer;
  let stop: () => void;

  beforeEach(async () => {
    notes = [{ part: 'test', row: 1, kind: 'label', text: 'looks like b' }];
    fake = createFakeClient(answers(notes));
    explorer = new Explorer(fake.client, info);
    stop = explorer.start();
    explorer.store.want([[0]]);
    await settle();
    await settle();
  });

  afterEach(() => stop());

  const named = (name: string) => fake.calls.filter((call) => call.name === name);

  it('asks for the first examples before everything else', () => {
    const names = fake.calls.map((call) => call.name);
    expect(names[0]).toBe('datasets.examples');
    expect(names).toContain('explore.columns');
    expect(explorer.runs?.map((run) => run.id)).toEqual(['run0000001']);
  });

  it('has every example at once, and those that a filter leaves', () => {
    expect([...explorer.list]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    explorer.change({ splits: new Set([2]) });
    expect([...explorer.list]).toEqual([6, 7, 8, 9]);
    expect([...explorer.classCounts]).toEqual([2, 2]);
    explorer.change({ text: 'looks' });
    expect([...explorer.list]).toEqual([7]);
    explorer.clearFilter();
    expect(explorer.list).toHaveLength(10);
  });

  it('keeps the cursor at its example while that is shown', () => {
    explorer.moveTo(8);
    explorer.change({ splits: new Set([2]) });
    expect([explorer.cursor, explorer.current]).toEqual([2, 8]);
    explorer.change({ splits: new Set([0]) });
    expect(explorer.cursor).toBe(0);
  });

  it('begins at the first example of another order', async () => {
    await explorer.chooseRun('first', 'run0000001');
    explorer.moveTo(4);
    explorer.change({ order: 'loss-falling' });
    expect([explorer.cursor, explorer.current]).toEqual([0, 5]);
  });

  it('selects one too, and all between', () => {
    explorer.moveTo(2, 'toggle');
    explorer.moveTo(5, 'extend');
    expect([...explorer.selected]).toEqual([2, 3, 4, 5]);
    explorer.moveTo(3, 'toggle');
    expect(explorer.meant).toEqual([2, 4, 5]);
    explorer.moveTo(1);
    expect(explorer.meant).toEqual([1]);
  });

  it('shows only the examples of a region', () => {
    explorer.showRegion(explorer.regionOf('lasso', [9, 3]));
    expect([...explorer.list]).toEqual([3, 9]);
    explorer.showRegion(null);
    expect(explorer.list).toHaveLength(10);
  });

  it('reads the values of a table only once something asks for them', async () => {
    const before = named('datasets.examples').length;
    explorer.change({ text: 'x >= 3' });
    expect(explorer.unknownNames).toEqual([]);
    await settle();
    await settle();
    expect(named('datasets.examples').length).toBeGreaterThan(before);
    expect([...explorer.list]).toEqual([3, 4, 5, 9]);
  });

  it('says which name of a query nothing is called', () => {
    explorer.change({ text: 'weight > 3 loss > 1' });
    expect(explorer.unknownNames).toEqual(['weight', 'loss']);
    expect(explorer.list).toHaveLength(10);
  });

  it('splits the examples as the run on them did, and back', async () => {
    await explorer.chooseRun('first', 'run0000001');
    expect(explorer.seed).toBe(5);
    expect([...explorer.columns!.split].slice(0, 6)).toEqual(splitOf(5));
    expect(named('results.get').map(({ params }) => (params as { split: string }).split)).toEqual([
      'test',
      'dev',
      'train',
    ]);
    explorer.change({ outcome: 'wrong' });
    expect([...explorer.list]).toEqual([1, 3, 5, 8, 9]);
    explorer.change({ order: 'loss-falling', outcome: 'all' });
    expect(explorer.first.columns!.loss[explorer.list[0]!]).toBe(5);
    await explorer.chooseRun('first', null);
    expect([explorer.seed, explorer.first.columns]).toEqual([1, null]);
  });

  it('does not lay a run over other examples than those it saw', async () => {
    await explorer.chooseRun('first', 'run0000001');
    await explorer.chooseRun('second', 'run0000003');
    expect(explorer.second.error?.message).toMatch(/other columns/);
    expect(explorer.second.columns).toBeNull();
    await explorer.chooseRun('second', 'run0000002');
    expect(explorer.second.columns?.known.every((known) => known === 1)).toBe(true);
    expect(explorer.seed).toBe(5);
  });

  it('notes what is meant, and takes it back', async () => {
    explorer.select([0, 6]);
    await explorer.note({ kind: 'outlier', text: '' });
    explorer.change({ notes: 'outlier' });
    expect([...explorer.list]).toEqual([0, 6]);
    await explorer.undoNote();
    expect(explorer.list).toHaveLength(0);
    explorer.change({ notes: 'any' });
    expect([...explorer.list]).toEqual([7]);
  });

  it('says what could not be read, and reads it again', async () => {
    const broken = createFakeClient({});
    const other = new Explorer(broken.client, info);
    const end = other.start();
    other.store.want([[0]]);
    await settle();
    expect(other.error).not.toBeNull();
    Object.assign(broken.client, fake.client);
    await other.retry();
    expect([other.error, other.columns?.space.count]).toEqual([null, 10]);
    end();
  });
});
