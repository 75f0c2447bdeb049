import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLog } from './studio-test-kit.ts';
import { TaskBoard, type TaskHandle } from './task-board.ts';

let events: EventLog;
let tasks: TaskBoard;

/** Work that a test leads. */
class LedTask {
  readonly result: Promise<string>;
  handle!: TaskHandle;
  resolve: (value: string) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;

  constructor(task: string) {
    const work = new Promise<string>((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.result = tasks.run(task, (handle) => {
      this.handle = handle;
      handle.signal.addEventListener('abort', () => this.reject(new Error('its process was ended')));
      return work;
    });
  }
}

function open(task: string): LedTask {
  return new LedTask(task);
}

beforeEach(() => {
  vi.useFakeTimers();
  events = new EventLog();
  tasks = new TaskBoard(events.publish, () => Date.now());
});
afterEach(() => vi.useRealTimers());

describe('a long task', () => {
  it('tells its progress at most five times a second, with the time left once it can be told', async () => {
    const work = open('search');
    for (let done = 0; done <= 500; done += 10) {
      work.handle.progress(done, 1_000, 'examples');
      vi.advanceTimersByTime(20);
    }
    const told = events.of('task.progress');
    expect(told.length).toBeGreaterThanOrEqual(5);
    expect(told.length).toBeLessThanOrEqual(7);
    expect(told[0]).toEqual({ task: 'search', done: 0, total: 1_000, unit: 'examples', secondsLeft: null });
    // 500 a second.
    const last = told.at(-1)!;
    expect(last.secondsLeft).toBeCloseTo((1_000 - last.done) / 500, 1);
    work.resolve('found');
    await expect(work.result).resolves.toBe('found');
  });

  it('begins to measure anew with a new kind of work', () => {
    const work = open('picture');
    work.handle.progress(0, 10, 'examples');
    vi.advanceTimersByTime(10_000);
    work.handle.progress(10, 10, 'examples');
    vi.advanceTimersByTime(1_000);
    work.handle.progress(0, 500, 'epochs');
    vi.advanceTimersByTime(1_000);
    work.handle.progress(100, 500, 'epochs');
    vi.advanceTimersByTime(1_000);
    expect(events.of('task.progress').map(({ unit, secondsLeft }) => [unit, secondsLeft])).toEqual([
      ['examples', null],
      ['examples', 0],
      ['epochs', null],
      ['epochs', 4],
    ]);
  });

  it('that is cancelled rejects with that, whatever its work says, and is silent from then on', async () => {
    const [work, other] = [open('search'), open('other')];
    work.handle.progress(1, 10, 'examples');
    work.handle.progress(2, 10, 'examples');
    tasks.cancel('search');
    await expect(work.result).rejects.toMatchObject({ code: 'cancelled' });
    vi.advanceTimersByTime(1_000);
    expect(events.of('task.progress')).toHaveLength(1);
    other.resolve('done');
    await expect(other.result).resolves.toBe('done');
  });

  it('keeps its own error, and its name is free again', async () => {
    const work = open('search');
    work.reject(new Error('no such row'));
    await expect(work.result).rejects.toThrow('no such row');
    tasks.cancel('search');
    const again = open('search');
    again.resolve('found');
    await expect(again.result).resolves.toBe('found');
  });

  it('of one name are cancelled together, and all when the studio ends', async () => {
    const [first, second, third] = [open('same'), open('same'), open('third')];
    tasks.cancel('same');
    await expect(first.result).rejects.toMatchObject({ code: 'cancelled' });
    await expect(second.result).rejects.toMatchObject({ code: 'cancelled' });
    tasks.cancelAll();
    await expect(third.result).rejects.toMatchObject({ code: 'cancelled' });
  });
});
