import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataSpec } from '../../shared/schema/dataset.ts';
import type { Duplicates } from '../../shared/schema/explore.ts';
import type { Host } from '../host/host.ts';
import { ExplorerPool } from './explorer-pool.ts';
import { FixtureInspector } from './fixture-inspector.ts';

const none: Duplicates = { pairs: [], threshold: 0, comparedTrain: 0, comparedTest: 0 };
const params = {
  datasetDirectory: '/nowhere',
  data: dataSpec.parse({ dataset: 'mnist' }),
  seed: 1,
  threshold: 0,
};

let processes: FixtureInspector[];
let pool: ExplorerPool;

const host: Host = {
  kind: 'node-child',
  launch: (program) => {
    expect(program).toBe('explorer');
    const process = new FixtureInspector(processes.length);
    processes.push(process);
    return process;
  },
};

function ask(controller = new AbortController()) {
  const told: number[] = [];
  const answer = pool.call('duplicates', params, {
    onProgress: (done) => told.push(done),
    signal: controller.signal,
  });
  // Its fate is looked at later.
  answer.catch(() => undefined);
  return { answer, told, cancel: () => controller.abort() };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
  processes = [];
  pool = new ExplorerPool(host, 1_000);
});
afterEach(() => vi.useRealTimers());

describe('explorer processes', () => {
  it('answer one call after another, and end when nobody asks', async () => {
    for (let time = 0; time < 2; time++) {
      const { answer } = ask();
      await settled();
      await processes[0]!.answer(none);
      await expect(answer).resolves.toEqual(none);
      vi.advanceTimersByTime(900);
    }
    expect(processes.map(({ ended }) => ended)).toEqual([null]);
    vi.advanceTimersByTime(200);
    expect(processes.map(({ ended }) => ended)).toEqual(['killed']);
    ask();
    await settled();
    expect(processes).toHaveLength(2);
  });

  it('are two at most; further calls wait their turn', async () => {
    const calls = [ask(), ask(), ask(), ask()];
    await settled();
    expect(processes.map((process) => process.calls.length)).toEqual([1, 1]);
    await processes[1]!.answer(none);
    await settled();
    expect(processes.map((process) => process.calls.length)).toEqual([1, 2]);
    await processes[1]!.answer({ ...none, threshold: 0.5 });
    await expect(calls[2]!.answer).resolves.toMatchObject({ threshold: 0.5 });
  });

  it('are killed when the call is cancelled, which is taken out of the queue when it waits', async () => {
    const calls = [ask(), ask(), ask()];
    await settled();
    calls[2]!.cancel();
    await expect(calls[2]!.answer).rejects.toMatchObject({ code: 'cancelled' });
    calls[0]!.cancel();
    await expect(calls[0]!.answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(processes.map(({ ended }) => ended)).toEqual(['killed', null]);
    const next = ask();
    await settled();
    await processes[2]!.answer(none);
    await expect(next.answer).resolves.toEqual(none);
  });

  it('say what was lost when they die', async () => {
    const { answer } = ask();
    await settled();
    await processes[0]!.crash();
    await expect(answer).rejects.toMatchObject({
      code: 'process-lost',
      message: expect.stringContaining('fewer'),
    });
  });

  it('that hold a dataset which is there no more are not asked again', async () => {
    const idle = ask();
    await settled();
    const busy = ask();
    await settled();
    await processes[0]!.answer(none);
    await idle.answer;
    pool.forgetDatasets();
    expect(processes.map(({ ended }) => ended)).toEqual(['killed', null]);
    await processes[1]!.answer(none);
    await expect(busy.answer).resolves.toEqual(none);
    await settled();
    expect(processes.map(({ ended }) => ended)).toEqual(['killed', 'killed']);
  });
});
