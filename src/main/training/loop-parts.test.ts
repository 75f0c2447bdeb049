import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BackgroundWrite } from './background-write.ts';
import { chooseWatch, isBetter, outOfPatience } from './best-epoch.ts';
import { TrainingControls } from './controls.ts';
import { EpochSums } from './epoch-sums.ts';
import { firstBrokenLayer, layerNorms } from './layer-norms.ts';
import { RateMeter } from './rate-meter.ts';
import { RunClock } from './run-clock.ts';

/** A clock that moves only when told. */
function createHands(): { now: () => number; pass: (ms: number) => void } {
  let ms = 500;
  return { now: () => ms, pass: (more) => (ms += more) };
}

describe('RunClock', () => {
  it('stands still until resumed and through pauses', () => {
    const { now, pass } = createHands();
    const clock = new RunClock(1_000, 50, now);
    pass(7);
    clock.resume();
    pass(10);
    expect([clock.durationMs, clock.epochMs]).toEqual([1_010, 60]);
    clock.pause();
    pass(99);
    expect(clock.durationMs).toBe(1_010);
    clock.resume();
    clock.startEpoch();
    pass(5);
    expect([clock.durationMs, clock.epochMs]).toEqual([1_015, 5]);
  });
});

describe('RateMeter', () => {
  it('follows a change of speed within a second or so', () => {
    const { now, pass } = createHands();
    const meter = new RateMeter(now);
    const train = (calls: number, examples: number): void => {
      for (let i = 0; i < calls; i++) {
        pass(100);
        meter.add(examples);
      }
    };
    train(10, 500);
    expect(meter.examplesPerSecond).toBe(5_000);
    train(10, 100);
    expect(meter.examplesPerSecond).toBe(1_000);
  });

  it('leaves out what went by before a restart', () => {
    const { now, pass } = createHands();
    const meter = new RateMeter(now);
    pass(60_000);
    meter.restart();
    pass(1_000);
    meter.add(300);
    expect(meter.examplesPerSecond).toBe(300);
  });
});

describe('EpochSums', () => {
  it('weights the mean of a step by its batch', () => {
    const sums = new EpochSums(2);
    sums.add(Float32Array.of(1, 10, 2, 20), 4);
    sums.add(Float32Array.of(5, 50), 2);
    expect(sums.examples).toBe(10);
    const mean = { name: 'loss', perExample: () => expect.fail(), finish: (value: number) => value } as const;
    expect(sums.value(0, mean)).toBeCloseTo((4 * 1 + 4 * 2 + 2 * 5) / 10, 12);
    expect(sums.value(1, { ...mean, finish: Math.sqrt })).toBeCloseTo(Math.sqrt(22), 12);
    sums.clear();
    expect(sums.value(0, mean)).toBeNull();
  });
});

describe('the best epoch', () => {
  const best = { epoch: 3, step: 30, value: 0.5 };

  it('has a lower loss or a higher accuracy', () => {
    const loss = { split: 'dev', metric: 'loss', minimumDelta: 0 } as const;
    expect([isBetter(0.4, best, loss), isBetter(0.5, best, loss)]).toEqual([true, false]);
    const accuracy = { ...loss, metric: 'accuracy' } as const;
    expect([isBetter(0.4, best, accuracy), isBetter(0.6, best, accuracy)]).toEqual([false, true]);
    const topFive = { ...loss, metric: 'top-5-accuracy' } as const;
    expect([isBetter(0.4, best, topFive), isBetter(0.6, best, topFive)]).toEqual([false, true]);
  });

  it('is never one that was not measured', () => {
    const watch = chooseWatch(null, true);
    expect(isBetter(null, null, watch)).toBe(false);
    expect(isBetter(NaN, null, watch)).toBe(false);
    expect(isBetter(1e9, null, watch)).toBe(true);
  });

  it('is judged by dev where there is one, and by train else', () => {
    expect(chooseWatch(null, true)).toMatchObject({ split: 'dev', metric: 'loss' });
    expect(chooseWatch(null, false)).toMatchObject({ split: 'train', metric: 'loss' });
  });

  it('is waited for as many epochs as there is patience', () => {
    const stopping = {
      split: 'dev',
      metric: 'loss',
      patience: 2,
      minimumDelta: 0,
      restoreBest: true,
    } as const;
    expect([3, 4, 5].map((epoch) => outOfPatience(stopping, best, epoch))).toEqual([false, false, true]);
    expect(outOfPatience(null, best, 1_000)).toBe(false);
  });
});

describe('TrainingControls', () => {
  it('wake a waiting loop to go on or to cancel, and never after a cancel', async () => {
    const controls = new TrainingControls();
    await controls.untilResumed();
    controls.ask('pause');
    let woken = false;
    const waiting = controls.untilResumed().then(() => (woken = true));
    await wait(5);
    expect(woken).toBe(false);
    controls.ask('cancel');
    await waiting;
    controls.ask('run');
    expect(controls.request).toBe('cancel');
  });
});

describe('BackgroundWrite', () => {
  it('writes one after the other', async () => {
    const order: string[] = [];
    const writing = new BackgroundWrite();
    writing.start(async () => {
      await wait(10);
      order.push('first');
    });
    writing.start(async () => void order.push('second'));
    expect(order).toEqual([]);
    await writing.settle();
    expect(order).toEqual(['first', 'second']);
  });

  it('keeps a failure until it is looked at', async () => {
    const writing = new BackgroundWrite();
    writing.start(() => Promise.reject(new Error('disk full')));
    await writing.drain();
    expect(() => writing.throwIfFailed()).toThrow('disk full');
    await expect(writing.settle()).rejects.toThrow('disk full');
  });
});

describe('layer norms', () => {
  it('join weight and bias of a layer and leave out buffers and slots', () => {
    const entry = (name: string, role: 'parameter' | 'buffer' | 'slot', ...values: number[]) => ({
      name,
      role,
      shape: [values.length],
      values: Float32Array.from(values),
    });
    const norms = layerNorms([
      entry('a/weight', 'parameter', 1, 2),
      entry('a/bias', 'parameter', 2),
      entry('a/runningMean', 'buffer', 100),
      entry('a/weight/m', 'slot', 100),
      entry('b/weight', 'parameter', NaN),
    ]);
    expect([...norms]).toEqual([
      ['a', 3],
      ['b', NaN],
    ]);
    expect(firstBrokenLayer(norms)).toBe('b');
  });
});
