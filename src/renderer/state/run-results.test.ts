import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import type { RunEpoch } from '../../shared/schema/run.ts';
import { Latest } from './run-results-loader.svelte.ts';
import { RunResultsState } from './run-results.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleClassification, samplePlane, sampleResults } from './testing/sample-results.ts';
import { sampleEpoch, sampleExperiment } from './testing/samples.ts';

const runId = 'run0000001';
const checkpoint = { kind: 'checkpoint', path: 'x', sha256: '0'.repeat(64), sizeBytes: 1 } as const;
const stored = (epoch: number, best = false): RunEpoch => ({ ...sampleEpoch(epoch, best), checkpoint });

interface Asked {
  readonly epoch: number | null;
  readonly split: 'train' | 'dev' | 'test';
}

describe('the results of a run', () => {
  let fake: FakeClient;
  let results: RunResultsState;
  /** Milliseconds until the answer about an epoch is there. */
  let delays: Map<number | null, number>;

  beforeEach(() => {
    vi.useFakeTimers();
    delays = new Map();
    fake = createFakeClient({
      'results.get': async ({ epoch, split }: Asked) => {
        await new Promise((resolve) => setTimeout(resolve, delays.get(epoch) ?? 10));
        if (epoch === 2) throw new Error('results: no such checkpoint');
        return sampleResults(sampleClassification(['a', 'b'], 20), { epoch: epoch ?? 4, split });
      },
      'results.field': () => samplePlane(4),
      'results.histograms': () => [],
    });
    results = new RunResultsState(fake.client, runId, sampleExperiment);
  });

  afterEach(() => {
    results.stop();
    vi.useRealTimers();
  });

  const asked = () => fake.calls.map(({ params }) => (params as Asked).epoch);
  const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

  async function openFinished(): Promise<void> {
    results.setRun([stored(1), stored(2), stored(3, true), stored(4)], 'finished');
    results.want('results');
    await wait(20);
  }

  it('are those of the end on test to begin with', async () => {
    await openFinished();
    expect(fake.calls).toEqual([{ name: 'results.get', params: { runId, epoch: null, split: 'test' } }]);
    expect(results.head?.result.kind).toBe('classification');
    expect(results.epoch).toBe(4);
  });

  it('are asked for only where something shows them', async () => {
    results.setRun([stored(1)], 'finished');
    await wait(200);
    expect(fake.calls).toEqual([]);
    const close = results.want('field');
    await wait(20);
    expect(fake.calls.map(({ name }) => name)).toEqual(['results.field']);
    close();
    results.choose(0);
    await wait(200);
    expect(fake.calls).toHaveLength(1);
  });

  it('are not asked of a run that trains until an epoch is chosen', async () => {
    results.want('results');
    results.setRun([stored(1)], 'running');
    await wait(200);
    expect([results.active, fake.calls.length]).toEqual([false, 0]);
    results.choose(1);
    await wait(200);
    expect(asked()).toEqual([1]);
    results.setRun([stored(1), stored(2)], 'running');
    await wait(200);
    expect(asked()).toEqual([1]);
  });

  it('follow a run that trains where asked to, and come to its end', async () => {
    results.want('results');
    results.setRun([stored(1)], 'running');
    results.setFollowing(true);
    await wait(200);
    results.setRun([stored(1), stored(3)], 'running');
    await wait(200);
    results.setRun([stored(1), stored(3)], 'finished');
    await wait(200);
    expect(asked()).toEqual([1, 3, null]);
    expect(results.following).toBe(false);
  });

  it('keep up with training that is faster than the answers, by leaving epochs out', async () => {
    results.want('results');
    results.setFollowing(true);
    const shown = new Set<number>();
    for (let epoch = 3; epoch < 43; epoch++) {
      delays.set(epoch, 400);
      results.setRun(
        Array.from({ length: epoch }, (_, index) => stored(index + 1)),
        'running',
      );
      await wait(100);
      if (results.predictions.value !== null) shown.add(results.predictions.value.epoch);
    }
    expect(shown.size).toBeGreaterThan(5);
    await wait(1_000);
    expect(results.predictions.value?.epoch).toBe(42);
  });

  it('ask only where the slider rests', async () => {
    await openFinished();
    results.choose(3);
    results.choose(1);
    results.choose(0);
    await wait(200);
    expect(asked()).toEqual([null, 0]);
  });

  it('show the last question, not the last answer', async () => {
    await openFinished();
    delays.set(1, 1_000);
    results.choose(1);
    await wait(100);
    results.choose(3);
    await wait(2_000);
    expect(results.predictions.value?.epoch).toBe(3);
  });

  it('keep what they show while the next is on its way, and say so after 150 ms', async () => {
    await openFinished();
    delays.set(1, 1_000);
    results.choose(1);
    await wait(80 + 149);
    expect(results.predictions.waiting).toBe(false);
    await wait(2);
    expect([results.predictions.waiting, results.predictions.value?.epoch]).toEqual([true, 4]);
    await wait(1_000);
    expect([results.predictions.waiting, results.predictions.value?.epoch]).toEqual([false, 1]);
  });

  it('keep what they show beside an error, and ask again when told to', async () => {
    await openFinished();
    results.choose(2);
    await wait(200);
    expect(results.predictions.error?.message).toContain('no such checkpoint');
    expect(results.predictions.value?.epoch).toBe(4);
    results.predictions.retry();
    await wait(200);
    expect(asked()).toEqual([null, 2, 2]);
  });

  it('are not asked for twice', async () => {
    await openFinished();
    results.choose(1);
    await wait(200);
    results.choose(4);
    await wait(200);
    expect(results.predictions.value?.epoch).toBe(4);
    expect(asked()).toEqual([null, 1]);
  });

  it('come with another split', async () => {
    await openFinished();
    results.chooseSplit('dev');
    await wait(20);
    expect(results.predictions.value?.split).toBe('dev');
  });

  it('come for train and test both where points are drawn', async () => {
    results.setRun([stored(1)], 'finished');
    results.want('points');
    await wait(200);
    expect([results.trainPoints.value?.split, results.testPoints.value?.split]).toEqual(['train', 'test']);
  });

  it('play every stored epoch once, from the first, each after the one before is there', async () => {
    await openFinished();
    delays.set(1, 1_000);
    const seen: number[] = [];
    void results.play();
    for (let time = 0; time < 8_000; time += 50) {
      await wait(50);
      if (seen.at(-1) !== results.epoch) seen.push(results.epoch);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(results.playing).toBe(false);
    expect(results.choice).toBeNull();
  });

  it('play an even share of many epochs, and the last', async () => {
    results.setRun(
      Array.from({ length: 500 }, (_, index) => stored(index + 1)),
      'finished',
    );
    const seen = new Set<number>();
    void results.play();
    for (let time = 0; time < 40_000; time += 50) {
      await wait(50);
      seen.add(results.epoch);
    }
    expect(seen.size).toBeLessThanOrEqual(61);
    expect([Math.min(...seen), Math.max(...seen), results.playing]).toEqual([0, 500, false]);
  });

  it('stop playing when an epoch is chosen', async () => {
    await openFinished();
    void results.play();
    await wait(600);
    results.choose(3);
    await wait(3_000);
    expect([results.playing, results.epoch]).toEqual([false, 3]);
  });

  it('move by stored epochs and no further', () => {
    results.setRun([stored(2), sampleEpoch(3), stored(4)], 'finished');
    const places = [-1, -1, -1, 1].map((steps) => {
      results.moveBy(steps);
      return results.epoch;
    });
    expect(places).toEqual([2, 0, 0, 2]);
  });

  it('ask for the end again once a resumed run has another', async () => {
    results.want('results');
    results.setRun([stored(1)], 'cancelled');
    await wait(200);
    results.setRun([stored(1), stored(3)], 'finished');
    await wait(200);
    expect(asked()).toEqual([null, null]);
  });

  it('have no slider where a support vector machine was fitted', () => {
    const svm = experiment.parse({ ...sampleExperiment, svm: { kernel: 'rbf' } });
    const fitted = new RunResultsState(fake.client, runId, svm);
    fitted.setRun([stored(1)], 'finished');
    expect([fitted.stops, fitted.active]).toEqual([[], true]);
  });

  it('know the splits that have examples', () => {
    expect(results.splits).toEqual(['train', 'dev', 'test']);
    const whole = experiment.parse({
      ...sampleExperiment,
      data: { dataset: 'mnist', split: { devFraction: 0 } },
    });
    expect(new RunResultsState(fake.client, runId, whole).splits).toEqual(['train', 'test']);
  });

  it('are those of the head that was chosen', async () => {
    const heads = ['digit', 'colour'].map((name) => ({
      name,
      result: sampleClassification(['a', 'b'], 10),
    }));
    const two = createFakeClient({
      'results.get': () => sampleResults(heads[0]!.result, { heads }),
    });
    const headed = new RunResultsState(two.client, runId, sampleExperiment);
    headed.setRun([stored(1)], 'finished');
    headed.want('results');
    await wait(20);
    expect(headed.head?.name).toBe('digit');
    headed.headName = 'colour';
    expect(headed.head?.name).toBe('colour');
  });

  it('show what is kept at once, without waiting for the slider to rest', async () => {
    await openFinished();
    for (const epoch of [1, 3]) {
      results.choose(epoch);
      await wait(200);
    }
    results.choose(1);
    expect([results.predictions.value?.epoch, results.predictions.epoch]).toEqual([1, 1]);
  });

  it('are read ahead when the slider is left alone, the nearest epochs first, failures once', async () => {
    await openFinished();
    results.choose(3);
    await wait(200);
    expect(asked()).toEqual([null, 3]);
    await wait(5_000);
    expect(asked()).toEqual([null, 3, 2, 1, 0]);
  });

  it('are not read ahead until the user moves the slider', async () => {
    await openFinished();
    await wait(5_000);
    expect(asked()).toEqual([null]);
  });

  it('are read ahead next to the slider only while a net trains', async () => {
    const polite = new RunResultsState(fake.client, runId, sampleExperiment, { busy: () => true });
    polite.setRun(
      Array.from({ length: 20 }, (_, index) => stored(index + 1)),
      'finished',
    );
    polite.choose(10);
    polite.want('results');
    await wait(10_000);
    expect(asked()).toEqual([10, 11, 9, 12, 8]);
  });

  it('answer other questions of panels, and again for another', async () => {
    await openFinished();
    const shown = new Latest<string>();
    const question = (key: string) => ({ key, read: async (epoch: number | null) => `${key} ${epoch}` });
    const stop = results.watch(shown, question('conv-1'));
    await wait(20);
    expect([shown.value, shown.epoch]).toEqual(['conv-1 null', 4]);
    stop();
    results.watch(shown, question('conv-2'));
    results.choose(1);
    await wait(200);
    expect([shown.value, shown.epoch]).toEqual(['conv-2 1', 1]);
    expect(await results.answerOf(question('conv-2'), 4)).toBe('conv-2 null');
  });
});
