import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InspectorParams } from '../inspect/inspector-contract.ts';
import { sampleExperiment } from '../store/store-test-kit.ts';
import { InspectorFixtureHost, settled } from './fixture-inspector.ts';
import { InspectorPool } from './inspector-pool.ts';

let host: InspectorFixtureHost;
let pool: InspectorPool;
beforeEach(() => {
  vi.useFakeTimers();
  host = new InspectorFixtureHost();
  pool = new InspectorPool(host);
});
afterEach(() => {
  pool.close();
  vi.useRealTimers();
});

const places = {
  engine: { choice: 'auto', threads: null, device: 'auto' },
  artifactDirectory: '/a',
  cacheDirectory: '/c',
  datasetDirectory: '/d',
} as const;

/** A line field asked for with so many points, which tells calls apart. */
function paramsOf(side: number): InspectorParams<'field'> {
  const net = {
    runId: 'run0123456789',
    experiment: sampleExperiment(),
    seed: 1,
    checkpoint: null,
    fingerprints: null,
  };
  return { places, net, side };
}

const line = { kind: 'line', x: Float32Array.of(1), predicted: Float32Array.of(2), sigma: null } as const;

const ask = (side: number, topic = 'run a'): Promise<unknown> => pool.call('field', paramsOf(side), topic);

/** What an inspector was asked last, by its points. */
function sideOf(index: number): unknown {
  return (host.inspector(index).lastCall.params as { side: number }).side;
}

describe('the inspectors of a studio', () => {
  it('are started when something is asked, and answer with exact arrays', async () => {
    expect(host.inspectors).toHaveLength(0);
    const answer = ask(2);
    await host.inspector(0).answer(line);
    expect(await answer).toEqual(line);
  });

  it('are two at most, and take the newest call first', async () => {
    const answers = [ask(2), ask(3), ask(4), ask(5)];
    expect(host.inspectors).toHaveLength(2);
    expect([sideOf(0), sideOf(1)]).toEqual([2, 3]);
    await host.inspector(1).answer(line);
    expect(sideOf(1)).toBe(5);
    await host.inspector(1).answer(line);
    expect(sideOf(1)).toBe(4);
    await host.inspector(1).answer(line);
    await host.inspector(0).answer(line);
    expect(await Promise.all(answers)).toHaveLength(4);
    expect(host.inspectors).toHaveLength(2);
  });

  it('are asked again about what they were asked about before', async () => {
    const answers = [ask(2, 'run a'), ask(3, 'run b')];
    await host.inspector(0).answer(line);
    await host.inspector(1).answer(line);
    answers.push(ask(4, 'run b'), ask(5, 'run a'));
    expect([sideOf(0), sideOf(1)]).toEqual([5, 4]);
    await host.inspector(0).answer(line);
    await host.inspector(1).answer(line);
    await Promise.all(answers);
  });

  it('reject with the error of the call, and go on', async () => {
    const refused = expect(ask(2)).rejects.toMatchObject({ code: 'unsupported', message: 'no such field' });
    await host.inspector(0).refuse('unsupported', 'no such field');
    await refused;
    const answer = ask(3);
    await host.inspector(0).answer(line);
    expect(await answer).toEqual(line);
    expect(host.inspectors).toHaveLength(1);
  });

  it('are replaced when one dies at work, and the call is made again', async () => {
    const answer = ask(2);
    await host.inspector(0).crash();
    expect(sideOf(1)).toBe(2);
    await host.inspector(1).answer(line);
    expect(await answer).toEqual(line);
  });

  it('give a call up when two of them died of it, and work for the next', async () => {
    const lost = expect(ask(2)).rejects.toMatchObject({ code: 'process-lost' });
    await host.inspector(0).crash();
    await host.inspector(1).crash();
    await lost;
    const answer = ask(3);
    await host.inspector(2).answer(line);
    expect(await answer).toEqual(line);
  });

  it('end after a minute without work, and start again', async () => {
    const answer = ask(2);
    await host.inspector(0).answer(line);
    await answer;
    await vi.advanceTimersByTimeAsync(59_000);
    expect(host.inspector(0).ended).toBeNull();
    const again = ask(3);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(host.inspector(0).ended).toBeNull();
    await host.inspector(0).answer(line);
    await again;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(host.inspector(0).ended).toBe('asked');
    void ask(4).catch(() => undefined);
    expect(sideOf(1)).toBe(4);
  });

  const options = { steps: 10, learningRate: 0.1, l2: 0, totalVariation: 0, jitter: 0, seed: 1 };
  const maximise = (task: string): Promise<unknown> =>
    pool.call('maximise', { places, net: paramsOf(2).net, layer: 'a', unit: 0, options, task }, 'run a');

  it('are told of a long call to end, also of one that still waits', async () => {
    const calls = ['first', 'second', 'third'].map((task) =>
      expect(maximise(task)).rejects.toMatchObject({ code: 'cancelled' }),
    );
    pool.cancel('third');
    await calls[2];
    pool.cancel('second');
    expect(host.inspectors.map(({ lastCall }) => [lastCall.call, lastCall.params])).toEqual([
      ['cancel', { task: 'second' }],
      ['cancel', { task: 'second' }],
    ]);
    pool.close();
    await Promise.all(calls);
    expect(
      host.inspectors.flatMap((each) => each.calls).filter(({ call }) => call === 'maximise'),
    ).toHaveLength(2);
  });

  it('tell how far a long call is, until nobody listens', async () => {
    const told = vi.fn();
    const stop = pool.onProgress(told);
    const refused = expect(maximise('long')).rejects.toMatchObject({ code: 'cancelled' });
    const progress = { task: 'long', done: 3, total: 10, unit: 'steps' };
    host.inspector(0).tell('progress', progress);
    stop();
    host.inspector(0).tell('progress', { ...progress, done: 4 });
    expect(told.mock.calls).toEqual([[progress]]);
    pool.close();
    await refused;
  });

  it('are killed with the studio, and what they have not answered is cancelled', async () => {
    const calls = [ask(2), ask(3), ask(4)].map((call) =>
      expect(call).rejects.toMatchObject({ code: 'cancelled' }),
    );
    pool.close();
    await settled();
    await Promise.all(calls);
    expect(host.inspectors.map(({ ended }) => ended)).toEqual(['killed', 'killed']);
    await expect(ask(5)).rejects.toMatchObject({ code: 'cancelled' });
    expect(host.inspectors).toHaveLength(2);
  });
});
