import { expect, it, vi } from 'vitest';
import { createTaskCalls, TaskRegistry } from './tasks.ts';

it('cancels the work of that name and no other', async () => {
  const tasks = new TaskRegistry();
  const calls = createTaskCalls(tasks);
  const [cancelFirst, cancelSecond] = [vi.fn(), vi.fn()];
  const end = Promise.withResolvers<string>();
  const first = tasks.run('first', cancelFirst, () => end.promise);
  const second = tasks.run('second', cancelSecond, () => end.promise);
  await calls['tasks.cancel']({ task: 'second' });
  expect(cancelFirst).not.toHaveBeenCalled();
  expect(cancelSecond).toHaveBeenCalledTimes(1);
  end.resolve('done');
  expect([await first, await second]).toEqual(['done', 'done']);
});

it('cancels all work of one name, and nothing that has ended', async () => {
  const tasks = new TaskRegistry();
  const [early, late] = [vi.fn(), vi.fn()];
  await expect(tasks.run('same', early, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  const end = Promise.withResolvers<null>();
  const running = [tasks.run('same', late, () => end.promise), tasks.run(null, early, () => end.promise)];
  tasks.cancel('same');
  tasks.cancel('unknown');
  expect(early).not.toHaveBeenCalled();
  expect(late).toHaveBeenCalledTimes(1);
  end.resolve(null);
  await Promise.all(running);
});
