import { describe, expect, it } from 'vitest';
import { parseSeed } from './seed.ts';

describe('parseSeed', () => {
  it.each([
    ['0', 0],
    [' 42 ', 42],
    ['4294967295', 4_294_967_295],
  ])('takes "%s"', (text, seed) => {
    expect(parseSeed(text)).toBe(seed);
  });

  it.each(['', '-1', '1.5', '4294967296', '1e3', 'seed'])('refuses "%s"', (text) => {
    expect(parseSeed(text)).toBeNull();
  });
});
