import { describe, expect, it, vi } from 'vitest';
import type { RunsQuery, RunSummary } from '../../shared/schema/run.ts';
import type { PanelStorage } from '../components/results/panel-layout.svelte.ts';
import { columnOf, FIRST_COLUMNS } from './runs-columns.ts';
import { RunsList } from './runs-list.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleRun } from './testing/samples.ts';

function setUp(count: number, storage: PanelStorage | null = null) {
  let runs: RunSummary[] = Array.from({ length: count }, (_, i) =>
    sampleRun({ id: `run${String(i).padStart(7, '0')}`, name: `Run ${i}`, state: 'finished' }),
  );
  const kept = () => runs.filter((run) => run.deletedAt === null);
  const mark = (ids: string[], deletedAt: string | null) => {
    runs = runs.map((run) => (ids.includes(run.id) ? { ...run, deletedAt } : run));
    return {};
  };
  const fake = createFakeClient({
    'runs.list': ({ text, offset, limit, groupBy, columns }: RunsQuery) => {
      const found = kept().filter((run) => run.name.includes(text));
      const page = found.slice(offset, offset + limit);
      const half = Math.ceil(found.length / 2);
      return {
        runs: page,
        total: found.length,
        columns: columns.length === 0 ? undefined : page.map((run) => columns.map(() => run.name)),
        groups:
          groupBy === null
            ? undefined
            : [
                { value: 'a', count: half },
                { value: 'b', count: found.length - half },
              ],
      };
    },
    'runs.delete': ({ runIds }: { runIds: string[] }) => mark(runIds, 'now'),
    'runs.restore': ({ runIds }: { runIds: string[] }) => mark(runIds, null),
    'runs.annotate': ({ runId, tags }: { runId: string; tags: string[] }) => {
      runs = runs.map((run) => (run.id === runId ? { ...run, tags } : run));
      return runs.find((run) => run.id === runId);
    },
  });
  return { fake, list: new RunsList(fake.client, storage) };
}

describe('the list of runs', () => {
  it('reads only the pages that are looked at, each once', async () => {
    const { fake, list } = setUp(1_000);
    await list.load();
    expect([list.total, fake.calls.length]).toEqual([1_000, 1]);
    await list.show(450, 480);
    await list.show(455, 485);
    expect(list.rows[450]?.name).toBe('Run 450');
    expect(list.rows[700]).toBeUndefined();
    expect(fake.calls).toHaveLength(2);
  });

  it('drops the answer to a question that is no longer asked', async () => {
    const { list } = setUp(20);
    const first = list.change({ text: 'Run 1' });
    const second = list.change({ text: 'Run 12' });
    await Promise.all([second, first]);
    expect(list.rows.map((run) => run?.name)).toEqual(['Run 12']);
  });

  it('sorts the other way round when asked twice', async () => {
    const { list } = setUp(3);
    await list.sortBy('devLoss');
    expect(list.filter).toMatchObject({ sort: 'devLoss', descending: true });
    await list.sortBy('devLoss');
    expect(list.filter.descending).toBe(false);
    await list.sortBy('name');
    expect(list.filter).toMatchObject({ sort: 'name', descending: false });
  });

  it('deletes with a way back, and forgets the selection of what is gone', async () => {
    const { list } = setUp(3);
    await list.load();
    list.select(['run0000000', 'run0000001']);
    await list.delete(['run0000000']);
    expect([list.total, [...list.selected]]).toEqual([2, ['run0000001']]);
    await list.restore(['run0000000']);
    expect(list.total).toBe(3);
  });

  it('extends a selection between two rows in either direction', async () => {
    const { list } = setUp(6);
    await list.load();
    list.extend(4, 2);
    expect(list.selectedRuns.map((run) => run.name)).toEqual(['Run 2', 'Run 3', 'Run 4']);
    list.toggle('run0000003');
    expect(list.selected.size).toBe(2);
  });

  it('tags only the runs that lack the tag', async () => {
    const { fake, list } = setUp(2);
    await list.load();
    const tagged = sampleRun({ id: 'run0000000', tags: ['paper'] });
    await list.tag([tagged, list.rows[1]!], 'paper');
    expect(fake.calls.filter((call) => call.name === 'runs.annotate')).toHaveLength(1);
    expect(list.rows[1]?.tags).toEqual(['paper']);
  });

  it('shows a change of a row at once and reads anew when another process wrote', async () => {
    vi.useFakeTimers();
    const { fake, list } = setUp(2);
    await list.load();
    const stop = list.start();
    fake.send('run.changed', { ...list.rows[0], name: 'Renamed' });
    expect(list.rows[0]?.name).toBe('Renamed');
    const before = fake.calls.length;
    fake.send('runs.invalidated', {});
    fake.send('runs.invalidated', {});
    await vi.advanceTimersByTimeAsync(300);

    expect(fake.calls.length - before).toBe(1);
    stop();
    vi.useRealTimers();
  });

  it('asks for what is typed as words and conditions, and says what it does not understand', async () => {
    const { fake, list } = setUp(3);
    await list.change({ text: 'Run acc > .9 colour:red' });
    expect(fake.calls.at(-1)?.params).toMatchObject({
      text: 'Run',
      filter: [{ field: 'accuracy', operator: '>', values: [0.9] }],
    });
    expect(list.faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/"colour" is no field/),
    ]);
  });

  it('brings values of chosen settings along and remembers which', async () => {
    let stored: string | null = null;
    const storage = { getItem: () => stored, setItem: (_: string, text: string) => void (stored = text) };
    const { fake, list } = setUp(3, storage);
    await list.load();
    await list.setColumns(['name', 'training.batchSize']);
    expect(fake.calls.at(-1)?.params).toMatchObject({ columns: ['training.batchSize'] });
    expect(list.valueAt(1, columnOf('training.batchSize')!)).toBe('Run 1');
    await list.setColumns([...FIRST_COLUMNS, 'training.batchSize']);
    expect(fake.calls).toHaveLength(2);
    const again = setUp(1, storage).list;
    expect(again.columns.map(({ id }) => id)).toEqual([...FIRST_COLUMNS, 'training.batchSize']);
  });

  it('folds groups away and selects them whole, read or not', async () => {
    const { list } = setUp(500);
    await list.change({ groupBy: 'dataset' });
    expect(list.layout.length).toBe(502);
    list.toggleFolded(list.groups![0]!);
    expect([list.layout.length, list.layout.at(1)]).toEqual([252, { kind: 'group', group: 1 }]);
    await list.toggleGroup(1);
    expect([list.selected.size, list.selected.has('run0000499')]).toEqual([250, true]);
    await list.toggleGroup(1);
    expect(list.selected.size).toBe(0);
    list.foldAll();
    expect(list.layout.length).toBe(2);
    list.foldAll();
    expect(list.layout.length).toBe(502);
  });

  it('reads only the pages of the open groups that are seen', async () => {
    const { fake, list } = setUp(1_000);
    await list.change({ groupBy: 'dataset' });
    list.toggleFolded(list.groups![0]!);
    await list.show(0, 20);
    expect(fake.calls.map(({ params }) => (params as RunsQuery).offset)).toEqual([0, 500]);
  });

  it('asks for groups with the means of the numbers shown', async () => {
    const { fake, list } = setUp(3);
    await list.change({ groupBy: 'variant' });
    expect(fake.calls.at(-1)?.params).toMatchObject({
      groupBy: 'variant',
      groupMeans: ['devLoss', 'testAccuracy', 'testError', 'durationMs'],
    });
  });

  it('shows nothing of an earlier filter once the new answer is there', async () => {
    const { list } = setUp(1_000);
    await list.load();
    await list.show(450, 480);
    await list.change({ text: 'Run 99' });
    expect(list.rows.filter((run) => run !== undefined && !run.name.includes('Run 99'))).toEqual([]);
  });
});
