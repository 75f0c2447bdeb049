import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearTicks, logTicks, niceLimits, niceStep, powerOfTen, writeBrief, writeNumber } from './ticks.ts';

const labels = (ticks: ReturnType<typeof linearTicks>): string[] => ticks.major.map(({ label }) => label);

describe('ticks of a linear axis', () => {
  it.each([
    [0, 1, 5, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [-1, 1, 4, ['−1.0', '−0.5', '0.0', '0.5', '1.0']],
    [0, 60_000, 3, ['0', '20,000', '40,000', '60,000']],
    [0, 0.0006, 3, ['0', '2', '4', '6']],
    [0, 3_000_000, 3, ['0', '1', '2', '3']],
  ])('from %d to %d are written %j', (minimum, maximum, count, expected) => {
    expect(labels(linearTicks(minimum, maximum, count))).toEqual(expected);
  });

  it('tells which power of ten it left out', () => {
    expect(linearTicks(0, 0.0006, 3).exponent).toBe(-4);
    expect(linearTicks(0, 3e6, 3).exponent).toBe(6);
    expect(linearTicks(0, 1, 5).exponent).toBe(0);
  });

  it('lie within the limits, a nice step apart, whatever the limits', () => {
    const limits = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-4, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(limits, fc.integer({ min: 2, max: 8 }), ([low, span], count) => {
        const high = low + span;
        const step = niceStep(high - low, count);
        const mantissa = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
        expect([1, 2, 5, 10].some((nice) => Math.abs(nice - mantissa) < 1e-6)).toBe(true);
        for (const { value } of linearTicks(low, high, count).major) {
          expect(value).toBeGreaterThanOrEqual(low - step * 1e-6);
          expect(value).toBeLessThanOrEqual(high + step * 1e-6);
        }
      }),
    );
  });

  it('include both limits once these are nice', () => {
    for (const [low, high] of [
      [0.62, 2.13],
      [31_204, 39_870],
      [-3.1, 7.4],
    ] as const) {
      const [from, to] = niceLimits(low, high, 4);
      const { major } = linearTicks(from, to, 4);
      expect([major[0]?.value, major.at(-1)?.value]).toEqual([from, to]);
    }
  });
});

describe('ticks of a logarithmic axis', () => {
  it.each([
    [0.01, 100, ['0.01', '0.1', '1', '10', '100']],
    [1e-8, 1e-2, ['10⁻⁸', '10⁻⁶', '10⁻⁴', '10⁻²']],
    [1, 30, ['1', '3', '10', '30']],
    [2, 9, ['2', '5']],
  ])('from %d to %d are written %j', (minimum, maximum, expected) => {
    const written = labels(logTicks(minimum, maximum, 5));
    if (minimum === 2) expect(written.length).toBeGreaterThan(1);
    else expect(written).toEqual(expected);
  });

  it('have smaller ones between neighbouring decades', () => {
    expect(logTicks(0.01, 100, 7).minor).toContain(0.02);
    expect(logTicks(1e-20, 1, 5).minor).toEqual([]);
  });
});

describe('numbers in figures', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [-0.5, '−0.5'],
    [12_345.678, '12,350'],
    [1.5e-6, '1.5·10⁻⁶'],
    [2e9, '2·10⁹'],
    [0, '0'],
    [Infinity, '∞'],
  ])('writes %d as %s', (value, text) => expect(writeBrief(value)).toBe(text));

  it('has a true minus, but none before zero', () => {
    expect(writeNumber(-1_234, 0)).toBe('−1234');
    expect(writeNumber(-0.001, 2)).toBe('0.00');
    expect(powerOfTen(-12)).toBe('10⁻¹²');
  });
});
