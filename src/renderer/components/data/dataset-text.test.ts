import { describe, expect, it } from 'vitest';
import { cellText, examplesText, hostsOf, shapeText, targetText, targetValueText } from './dataset-text.ts';

const garment = { name: 'garment', kind: 'class', classes: ['shirt', 'coat'], unit: null } as const;
const price = { name: 'SalePrice', kind: 'number', classes: [], unit: 'USD' } as const;
const asTarget = (target: typeof garment | typeof price) => ({ ...target, classes: [...target.classes] });

describe('a dataset in words', () => {
  it.each([
    [{ featureShape: [28, 28, 1], columns: null }, '28 × 28 × 1 image'],
    [{ featureShape: [1], columns: null }, '1 number'],
    [{ featureShape: [1_000], columns: null }, '1,000 numbers'],
    [
      { featureShape: [4], columns: [{ name: 'a', type: 'number' as const, missingCount: 0 }] },
      'table of 1 columns',
    ],
  ])('says what an example is: %o', (info, text) => {
    expect(shapeText(info)).toBe(text);
  });

  it('counts a part that there is', () => {
    expect(examplesText({ trainExamples: 60_000, testExamples: 10_000 })).toBe('60,000 + 10,000 test');
    expect(examplesText({ trainExamples: 1_460, testExamples: 0 })).toBe('1,460');
  });

  it('names targets and their values', () => {
    expect(targetText(asTarget(garment))).toBe('garment, 2 classes');
    expect(targetText(asTarget(price))).toBe('SalePrice, a number in USD');
    expect(targetValueText(asTarget(garment), 1)).toBe('coat');
    expect(targetValueText(asTarget(price), 208_500)).toBe('208,500 USD');
  });

  it.each([
    [2003, '2003'],
    [12_500, '12,500'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(1013.5), '1013.5'],
    [0, '0'],
  ])('writes the cell %d', (value, text) => {
    expect(cellText(value)).toBe(text);
  });

  it('names each host of a fetch once', () => {
    const file = (address: string) => ({ name: 'f', address, sizeBytes: 1, sha256: null });
    expect(hostsOf({ files: [file('https://a.example/1'), file('https://a.example/2')] })).toBe('a.example');
  });
});
