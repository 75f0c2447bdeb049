import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunDetail } from '../../shared/schema/run.ts';
import { LiveRun } from './live-run.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleDetail, sampleEpoch, sampleRun } from './testing/samples.ts';

const runId = 'run0000001';
const epochEvent = (epoch: number, loss: number | null, best = false) => ({
  runId,
  epoch: sampleEpoch(epoch, best),
  points: [{ split: 'train', metric: 'loss', value: loss }],
});

describe('a live run', () => {
  let stored: RunDetail;
  let fake: FakeClient;
  let live: LiveRun;
  let stop: () => void;

  beforeEach(async () => {
    vi.useFakeTimers();
    stored = sampleDetail(sampleRun(), 2);
    fake = createFakeClient({ 'runs.get': () => structuredClone(stored) });
    live = new LiveRun(fake.client, runId);
    stop = live.start();
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  const losses = () => live.seriesOf('loss').map((series) => series.values);

  it('shows what is stored', () => {
    expect(losses()).toEqual([[1, 0.5]]);
    expect(live.epochs).toHaveLength(2);
  });

  it('adds epochs as they come, all of a quarter of a second at once', async () => {
    const before = live.revision;
    fake.send('run.epoch', epochEvent(3, 0.3));
    fake.send('run.epoch', epochEvent(4, null));
    expect(losses()).toEqual([[1, 0.5]]);
    await vi.advanceTimersByTimeAsync(250);
    expect(losses()).toEqual([[1, 0.5, 0.3, null]]);
    expect(live.revision).toBe(before + 1);
  });

  it('shows no epoch twice, whether it was read or told', async () => {
    fake.send('run.epoch', epochEvent(2, 0.5));
    fake.send('run.epoch', epochEvent(3, 0.3));
    await vi.advanceTimersByTimeAsync(250);
    expect(live.epochs.map((epoch) => epoch.epoch)).toEqual([1, 2, 3]);
  });

  it('loses nothing that came while the run was being read', async () => {
    let answer: (detail: RunDetail) => void = () => {};
    const slow = createFakeClient({
      'runs.get': () => new Promise<RunDetail>((resolve) => (answer = resolve)),
    });
    const late = new LiveRun(slow.client, runId);
    const stopLate = late.start();
    slow.send('run.epoch', epochEvent(3, 0.3));
    await vi.advanceTimersByTimeAsync(1_000);
    answer(structuredClone(stored));
    await vi.advanceTimersByTimeAsync(500);
    expect(late.seriesOf('loss')[0]!.values).toEqual([1, 0.5, 0.3]);
    stopLate();
  });

  it('marks the last best epoch only', async () => {
    expect(live.epochs.filter((epoch) => epoch.best).map((epoch) => epoch.epoch)).toEqual([2]);
    fake.send('run.epoch', epochEvent(3, 0.3, true));
    fake.send('run.epoch', epochEvent(4, 0.4, false));
    await vi.advanceTimersByTimeAsync(250);
    expect(live.epochs.filter((epoch) => epoch.best).map((epoch) => epoch.epoch)).toEqual([3]);
  });

  it('reads the whole run again when its state changes, for the points of the end', async () => {
    stored = sampleDetail(sampleRun({ state: 'finished' }), 5);
    fake.send('run.changed', stored.summary);
    await vi.advanceTimersByTimeAsync(250);
    expect(losses()[0]).toHaveLength(5);
    expect(live.summary?.state).toBe('finished');
    expect(live.progress).toBeNull();
  });

  it('reads and listens again when started again, as after a break of the link', async () => {
    fake.send('run.epoch', epochEvent(3, 0.3));
    stop();
    stored = sampleDetail(sampleRun(), 3);
    stop = live.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.epochs).toHaveLength(3);
    const before = live.revision;
    fake.send('run.epoch', epochEvent(4, 0.2));
    await vi.advanceTimersByTimeAsync(250);
    expect(live.revision).toBe(before + 1);
    expect(live.epochs).toHaveLength(4);
  });

  it('takes the answer to its last start, though the one to an earlier start was never heard', async () => {
    const opened = new LiveRun(fake.client, runId);
    opened.start()();
    const end = opened.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(opened.detail).not.toBeNull();
    end();
  });

  it('hears nothing of other runs, and nothing once stopped', async () => {
    fake.send('run.epoch', { ...epochEvent(3, 0.3), runId: 'another001' });
    await vi.advanceTimersByTimeAsync(250);
    expect(live.epochs).toHaveLength(2);
    stop();
    expect(fake.listening()).toBe(0);
  });

  it('says why it cannot be shown', async () => {
    const broken = createFakeClient({});
    const none = new LiveRun(broken.client, runId);
    const stopNone = none.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(none.error?.message).toContain('runs.get');
    stopNone();
  });
});
