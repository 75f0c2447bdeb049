import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Queue } from './queue.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleRun } from './testing/samples.ts';

describe('the queue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function setUp() {
    const waiting = sampleRun({ id: 'run0000001', state: 'queued' });
    const training = sampleRun({ id: 'run0000002', state: 'running' });
    const fake = createFakeClient({ 'runs.list': () => ({ runs: [waiting, training], total: 2 }) });
    const queue = new Queue(fake.client);
    queue.start();
    await queue.load();
    return { fake, queue };
  }

  it('shows the run that trains before those that wait', async () => {
    const { queue } = await setUp();
    expect(queue.head?.run.id).toBe('run0000002');
  });

  it('lets go of a run that ends and takes up one that begins', async () => {
    const { fake, queue } = await setUp();
    fake.send('run.changed', sampleRun({ id: 'run0000002', state: 'finished' }));
    expect(queue.items.map((item) => item.run.id)).toEqual(['run0000001']);
    fake.send('run.changed', sampleRun({ id: 'run0000003' }));
    expect(queue.items).toHaveLength(2);
  });

  it('shows the newest position, twice a second at most', async () => {
    const { fake, queue } = await setUp();
    fake.send('run.progress', { runId: 'run0000002', step: 1 });
    fake.send('run.progress', { runId: 'run0000002', step: 2 });
    expect(queue.head?.progress).toBeNull();
    await vi.advanceTimersByTimeAsync(500);
    expect(queue.head?.progress?.step).toBe(2);
  });
});
