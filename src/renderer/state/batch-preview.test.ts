import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BatchPreview } from '../../shared/schema/results.ts';
import { BatchPreviewer, toBytes } from './batch-preview.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleExperiment } from './testing/samples.ts';

function batch(values: readonly number[], change: Partial<BatchPreview> = {}): BatchPreview {
  return {
    shape: [values.length],
    values: Float32Array.from(values),
    rows: Int32Array.of(0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    classes: [],
    labels: null,
    ...change,
  };
}

describe('the preview of a batch', () => {
  let fake: FakeClient;
  let previewer: BatchPreviewer;
  let fault: string | null;

  beforeEach(() => {
    vi.useFakeTimers();
    fault = null;
    fake = createFakeClient({
      'experiments.previewBatch': ({ seed }: { seed: number }) => {
        if (fault !== null) throw new Error(fault);
        return batch([seed]);
      },
    });
    previewer = new BatchPreviewer(fake.client);
  });

  afterEach(() => {
    previewer.close();
    vi.useRealTimers();
  });

  it('is read once after several changes', async () => {
    for (let change = 0; change < 5; change++) {
      previewer.ask(sampleExperiment);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(fake.calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(fake.calls).toHaveLength(1);
    expect(previewer.waiting).toBe(false);
  });

  it('draws another batch by the next seed, at once', async () => {
    previewer.another(sampleExperiment);
    await vi.advanceTimersByTimeAsync(0);
    expect(previewer.preview?.values[0]).toBe(2);
  });

  it('says why there is none, and has one again after the next change', async () => {
    fault = 'not on this machine';
    previewer.ask(sampleExperiment, true);
    await vi.advanceTimersByTimeAsync(0);
    expect(previewer.error?.message).toBe('not on this machine');
    fault = null;
    previewer.ask(sampleExperiment, true);
    await vi.advanceTimersByTimeAsync(0);
    expect(previewer.error).toBeNull();
  });

  it('is not read any more once closed', async () => {
    previewer.ask(sampleExperiment);
    previewer.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fake.calls).toHaveLength(0);
  });
});

describe('tensors as bytes', () => {
  it('go from the smallest value to the largest', () => {
    expect([...toBytes(batch([-1, 0, 1]))]).toEqual([0, 128, 255]);
  });

  it('are dark where all values are the same', () => {
    expect([...toBytes(batch([3, 3]))]).toEqual([0, 0]);
  });
});
