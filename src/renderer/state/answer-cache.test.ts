import { describe, expect, it } from 'vitest';
import { AnswerCache, sizeInBytes } from './answer-cache.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve));
const numbers = (count: number) => new Float64Array(count);

describe('the size of an answer', () => {
  it('is mostly that of its arrays', () => {
    expect(sizeInBytes({ rows: numbers(1_000), name: 'test' })).toBeGreaterThanOrEqual(8_008);
    expect(sizeInBytes({ rows: numbers(1_000), name: 'test' })).toBeLessThan(8_200);
    expect(sizeInBytes([1, null, 'ab'])).toBeLessThan(100);
  });
});

describe('kept answers', () => {
  it('are read once and then there at once', async () => {
    const cache = new AnswerCache(10_000);
    let reads = 0;
    const read = () => Promise.resolve(++reads);
    expect(cache.peek('a')).toBeNull();
    const first = cache.get('a', read);
    expect([cache.has('a'), cache.peek('a')]).toEqual([true, null]);
    expect(await first).toBe(1);
    expect(await cache.get('a', read)).toBe(1);
    expect(cache.peek('a')).toEqual({ value: 1 });
  });

  it('are kept even where they are null', async () => {
    const cache = new AnswerCache(10_000);
    await cache.get('a', () => Promise.resolve(null));
    expect(cache.peek('a')).toEqual({ value: null });
  });

  it('leave when there are too many bytes, those used longest ago first', async () => {
    const cache = new AnswerCache(20_000);
    for (const key of ['a', 'b']) await cache.get(key, () => Promise.resolve(numbers(1_000)));
    cache.peek('a');
    await cache.get('c', () => Promise.resolve(numbers(1_000)));
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
    expect(cache.sizeBytes).toBeLessThanOrEqual(20_000);
  });

  it('are not kept where they failed', async () => {
    const cache = new AnswerCache(10_000);
    await expect(cache.get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await tick();
    expect(cache.has('a')).toBe(false);
    expect(await cache.get('a', () => Promise.resolve(2))).toBe(2);
  });
});
