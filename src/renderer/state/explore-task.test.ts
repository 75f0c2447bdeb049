import { beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { LongTask } from './explore-task.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('long work', () => {
  let fake: FakeClient;
  let task: LongTask<string>;
  let name: string;
  let answer: (value: string) => void;
  let fail: (error: Error) => void;

  const begin = (given: string) => {
    name = given;
    return new Promise<string>((resolve, reject) => {
      answer = resolve;
      fail = reject;
    });
  };

  beforeEach(() => {
    fake = createFakeClient({ 'tasks.cancel': () => ({}) });
    task = new LongTask(fake.client, 'projection');
  });

  it('tells its progress, and only its own', async () => {
    const running = task.run(begin);
    await settle();
    const progress = { done: 5, total: 10, unit: 'examples', secondsLeft: 2 };
    fake.send('task.progress', { ...progress, task: 'another', done: 9 });
    expect(task.progress).toBeNull();
    fake.send('task.progress', { ...progress, task: name });
    expect(task.progress?.done).toBe(5);
    expect(task.rate).toBeGreaterThan(0);
    answer('done');
    await running;
    expect([task.value, task.running, fake.listening()]).toEqual(['done', false, 0]);
  });

  it('is given up by its name, and keeps what was found before', async () => {
    const first = task.run(begin);
    await settle();
    answer('first');
    await first;
    void task.run(begin);
    await settle();
    await task.cancel();
    expect(fake.calls.at(-1)).toEqual({ name: 'tasks.cancel', params: { task: name } });
    expect([task.running, task.cancelled, task.value]).toEqual([false, true, 'first']);
    answer('late');
    await settle();
    expect(task.value).toBe('first');
  });

  it('that the studio gives up is no error; anything else is', async () => {
    const first = task.run(begin);
    await settle();
    fail(new StudioError('cancelled', 'given up'));
    await first;
    expect([task.cancelled, task.error]).toEqual([true, null]);
    const second = task.run(begin);
    await settle();
    fail(new Error('out of memory'));
    await second;
    expect(task.error?.message).toBe('out of memory');
  });

  it('begun anew gives up what ran', async () => {
    void task.run(begin);
    await settle();
    const old = name;
    void task.run(begin);
    await settle();
    expect(fake.calls.at(-1)?.params).toEqual({ task: old });
    expect(name).not.toBe(old);
    expect(task.running).toBe(true);
  });
});
