import { describe, expect, it } from 'vitest';
import { ARIMO_BOLD, ARIMO_REGULAR } from '../../src/shared/figures/arimo-widths.ts';
import { textWidth } from '../../src/shared/figures/text-width.ts';
import { readWidths, writeWidthModule } from './font-widths.mjs';

const grouped = (widths: Map<number, string>) => Object.fromEntries(widths);

describe('widths of the print font', () => {
  it('are those of the font that is shipped', () => {
    expect(ARIMO_REGULAR).toEqual(grouped(readWidths('400Regular')));
    expect(ARIMO_BOLD).toEqual(grouped(readWidths('700Bold')));
  });

  it('are written as ASCII that reads back', () => {
    const text = writeWidthModule({ regular: new Map([[10, "a'\\é"]]), bold: new Map() });
    expect(text).toContain("10: 'a\\'\\\\\\u00e9',");
  });

  it("are Arial's, so that a figure looks alike where only that is", () => {
    // From Arial's published AFM, in thousandths of the size.
    const arial = { A: 667, a: 556, i: 222, W: 944, '0': 556, ' ': 278, '.': 278, '%': 889 };
    for (const [character, width] of Object.entries(arial))
      expect(Math.abs(textWidth(character, 1_000) - width)).toBeLessThan(1);
  });
});
