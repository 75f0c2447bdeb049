import { describe, expect, it } from 'vitest';
import { formatDuration, lastLines } from './say.mjs';

describe('formatDuration', () => {
  it.each([
    [850, '850 ms'],
    [12_340, '12.3 s'],
    [200_000, '3 min 20 s'],
  ])('writes %d ms as "%s"', (durationMs, words) => {
    expect(formatDuration(durationMs)).toBe(words);
  });
});

describe('lastLines', () => {
  it('skips lines that say nothing', () => {
    expect(lastLines('a\n\nb  \n\nc\n\n', 2)).toBe('b\nc');
  });
});
