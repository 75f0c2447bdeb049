import { describe, expect, it } from 'vitest';
import { ResultMemory } from './result-memory.ts';

const kilobyte = (): Float32Array => new Float32Array(256);

describe('results in memory', () => {
  it('are given back as they were put', () => {
    const memory = new ResultMemory();
    const value = kilobyte();
    memory.put('a', value);
    expect(memory.get('a')).toBe(value);
    expect(memory.get('b')).toBeUndefined();
  });

  it('make room by forgetting what was used longest ago', () => {
    const memory = new ResultMemory(3 * 1024);
    for (const key of ['a', 'b', 'c']) memory.put(key, kilobyte());
    memory.get('a');
    memory.put('d', kilobyte());
    expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('count a value put again once', () => {
    const memory = new ResultMemory(2 * 1024);
    for (let i = 0; i < 5; i++) memory.put('a', kilobyte());
    memory.put('b', kilobyte());
    expect(memory.get('a')).toBeDefined();
  });
});
