import { describe, expect, it } from 'vitest';
import { INKS, inkOfText, inkText } from './pad-inks.ts';

describe('the colours of the pad', () => {
  it('are those of coloured USPS, and white', () => {
    expect(INKS.map(({ name }) => name.toLowerCase())).toEqual([
      'white',
      'red',
      'green',
      'blue',
      'yellow',
      'magenta',
    ]);
  });

  it('are written as a colour input takes them, and read back', () => {
    for (const { ink } of INKS) expect(inkOfText(inkText(ink))).toEqual(ink);
    expect(inkText([1, 16, 255])).toBe('#0110ff');
    expect(inkOfText('white')).toEqual([0, 0, 0]);
  });
});
