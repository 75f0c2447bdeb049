import { describe, expect, it } from 'vitest';
import { textOf, valueOf } from './field-text.ts';

describe('typed values', () => {
  it.each([
    ['64', 64],
    ['1e-3', 0.001],
    ['60,000', 60_000],
    [' 0.5 ', 0.5],
  ])('reads the number "%s"', (text, value) => {
    expect(valueOf(text, { kind: 'number' })).toBe(value);
  });

  it('keeps what is no number, so that the check can name it', () => {
    expect(valueOf('many', { kind: 'number' })).toBe('many');
    expect(valueOf('', { kind: 'number' })).toBe('');
    expect(valueOf('Infinity', { kind: 'number' })).toBe('Infinity');
  });

  it('reads an empty field as null only where null is allowed', () => {
    expect(valueOf('', { kind: 'number', nullable: true })).toBeNull();
  });

  it.each([
    ['3', 3],
    ['3 × 5', [3, 5]],
    ['3x5', [3, 5]],
    ['3, 5', [3, 5]],
    ['', undefined],
    ['3 × wide', '3 × wide'],
    ['1 2 3', '1 2 3'],
  ])('reads the sides "%s"', (text, value) => {
    expect(valueOf(text, { kind: 'sides' })).toEqual(value);
  });

  it('shows equal sides as one number and nothing for nothing', () => {
    expect(textOf([2, 2])).toBe('2');
    expect(textOf([2, 3])).toBe('2 × 3');
    expect(textOf(null)).toBe('');
    expect(textOf(undefined)).toBe('');
  });
});
