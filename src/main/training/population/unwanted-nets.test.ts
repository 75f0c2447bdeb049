import { describe, expect, it, vi } from 'vitest';
import { UnwantedNets } from './unwanted-nets.ts';

describe('a net that need not go on', () => {
  it('is stopped as soon as that is known, and no other', () => {
    const nets = new UnwantedNets();
    const [stopA, stopB] = [vi.fn(), vi.fn()];
    nets.watch('a', stopA);
    nets.watch('b', stopB);
    nets.add(['a', 'c']);
    expect([stopA.mock.calls.length, stopB.mock.calls.length]).toEqual([1, 0]);
    expect(['a', 'b', 'c'].map((key) => nets.has(key))).toEqual([true, false, true]);
  });

  it('is stopped at once where it is known before', () => {
    const nets = new UnwantedNets();
    const stop = vi.fn();
    nets.add(['a']);
    nets.watch('a', stop);
    expect(stop).toHaveBeenCalledOnce();
  });

  it('is left alone when it has ended, or in the next batch', () => {
    const nets = new UnwantedNets();
    const stop = vi.fn();
    nets.watch('a', stop)();
    nets.add(['a']);
    nets.clear();
    nets.watch('a', stop);
    expect(stop).not.toHaveBeenCalled();
  });
});
