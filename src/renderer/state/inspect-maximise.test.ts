import { beforeEach, describe, expect, it } from 'vitest';
import { maximisationOptions, type Maximisation } from '../../shared/schema/inspection.ts';
import { MaximiseState } from './inspect-maximise.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';

const net = { runId: 'run0000001', epoch: 3 };
const options = maximisationOptions.parse({});

function made(unit: number): Maximisation {
  return {
    layer: 'conv2d-1',
    unit,
    shape: [1, 1, 1],
    raw: Float32Array.of(2),
    enhanced: Float32Array.of(1),
    activationBefore: 0,
    activationAfter: 4,
  };
}

describe('an input made to excite a unit', () => {
  let fake: FakeClient;
  let state: MaximiseState;
  let answer: (value: Maximisation) => void;
  let fail: (error: Error) => void;

  beforeEach(() => {
    fake = createFakeClient({
      'inspect.maximise': () =>
        new Promise<Maximisation>((resolve, reject) => {
          answer = resolve;
          fail = reject;
        }),
      'tasks.cancel': () => ({}),
    });
    state = new MaximiseState(fake.client);
    state.start();
  });

  const taskOf = (call: number) => (fake.calls[call]?.params as { task: string }).task;

  it('is kept with the epoch it was made for', async () => {
    const done = state.run(net, 3, 'conv2d-1', 5, options);
    expect(state.running).toBe(true);
    answer(made(5));
    await done;
    expect([state.running, state.made?.epoch, state.made?.maximisation.unit]).toEqual([false, 3, 5]);
  });

  it('tells how far its own task is', () => {
    void state.run(net, 3, 'conv2d-1', 5, options);
    const progress = { done: 50, total: 200, unit: 'steps', secondsLeft: 3 };
    fake.send('task.progress', { task: 'another', ...progress });
    expect(state.progress).toBeNull();
    fake.send('task.progress', { task: taskOf(0), ...progress });
    expect(state.progress?.done).toBe(50);
  });

  it('can be ended, which is no error, and another begun', async () => {
    const first = state.run(net, 3, 'conv2d-1', 5, options);
    const failFirst = fail;
    state.cancel();
    expect(fake.calls[1]).toEqual({ name: 'tasks.cancel', params: { task: taskOf(0) } });
    const second = state.run(net, 3, 'conv2d-1', 6, options);
    failFirst(new Error('cancelled'));
    await first;
    expect([state.error, state.running]).toEqual([null, true]);
    answer(made(6));
    await second;
    expect([state.made?.maximisation.unit, state.running]).toEqual([6, false]);
  });

  it('says what went wrong and keeps what was made before', async () => {
    const first = state.run(net, 3, 'conv2d-1', 5, options);
    answer(made(5));
    await first;
    const second = state.run(net, 3, 'conv2d-1', 9, options);
    fail(new Error('maximise: no unit 9'));
    await second;
    expect([state.error?.message, state.made?.maximisation.unit]).toEqual(['maximise: no unit 9', 5]);
  });

  it('ends with the panel', () => {
    const stop = new MaximiseState(fake.client).start();
    expect(fake.listening()).toBe(2);
    stop();
    expect(fake.listening()).toBe(1);
  });
});
