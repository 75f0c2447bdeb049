import { describe, expect, it, vi } from 'vitest';
import type { RunsQuery, RunSummary } from '../../shared/schema/run.ts';
import { RunsList } from './runs-list.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleRun } from './testing/samples.ts';

function setUp(count: number) {
  let runs: RunSummary[] = Array.from({ length: count }, (_, i) =>
    sampleRun({ id: `run${String(i).padStart(7, '0')}`, name: `Run ${i}`, state: 'finished' }),
  );
  const kept = () => runs.filter((run) => run.deletedAt === null);
  const mark = (ids: string[], deletedAt: string | null) => {
    runs = runs.map((run) => (ids.includes(run.id) ? { ...run, deletedAt } : run));
    return {};
  };
  const fake = createFakeClient({
    'runs.list': ({ text, offset, limit }: RunsQuery) => {
      const found = kept().filter((run) => run.name.includes(text));
      return { runs: found.slice(offset, offset + limit), total: found.length };
    },
    'runs.delete': ({ runIds }: { runIds: string[] }) => mark(runIds, 'now'),
    'runs.restore': ({ runIds }: { runIds: string[] }) => mark(runIds, null),
    'runs.annotate': ({ runId, tags }: { runId: string; tags: string[] }) => {
      runs = runs.map((run) => (run.id === runId ? { ...run, tags } : run));
      return runs.find((run) => run.id === runId);
    },
  });
  return { fake, list: new RunsList(fake.client) };
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
});
