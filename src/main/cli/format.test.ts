import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatNumber, formatShare, formatTable } from './format.ts';

describe('text for people', () => {
  it.each([
    [0, '0 ms'],
    [44.6, '45 ms'],
    [4_200, '4.2 s'],
    [59_990, '1 min 00 s'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h 00 min'],
    [7_500_000, '2 h 05 min'],
  ])('writes %d ms as %s', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text));

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KB'],
    [853_000_000, '813.5 MB'],
  ])('writes %d bytes as %s', (sizeBytes, text) => expect(formatBytes(sizeBytes)).toBe(text));

  it('writes what was not measured as a dash', () => {
    expect([formatShare(null), formatNumber(null)]).toEqual(['-', '-']);
    expect([formatShare(0.97854), formatNumber(0.123456)]).toEqual(['97.85 %', '0.1235']);
  });

  it('aligns columns without trailing blanks', () => {
    expect(
      formatTable(
        ['id', 'name'],
        [
          ['a1', 'x'],
          ['b', 'long'],
        ],
      ),
    ).toEqual(['id  name', 'a1  x', 'b   long']);
  });
});
