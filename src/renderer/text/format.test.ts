import { describe, expect, it } from 'vitest';
import * as format from './format.ts';

/** No-break spaces read as plain ones, so that the expectations can be read. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('numbers with the digits they deserve', () => {
  it.each([
    [0.9128, '91.28 %'],
    [1, '100.00 %'],
    [0, '0.00 %'],
  ])('shows the accuracy %f as %s', (value, text) => {
    expect(plain(format.formatAccuracy(value))).toBe(text);
  });

  it.each([
    [0.23841, '0.2384'],
    [0, '0.0000'],
    [12.345, '12.35'],
    [29812.4, '29,812'],
    [0.000032, '3.20e-5'],
    [-0.5, '-0.5000'],
    [2.5e12, '2.50e+12'],
  ])('shows the loss %f as %s', (value, text) => {
    expect(plain(format.formatLoss(value))).toBe(text);
  });

  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('never shows %s as a number', (value) => {
    expect(format.formatLoss(value)).toBe('not measured');
    expect(format.formatAccuracy(value)).toBe('not measured');
    expect(format.formatDuration(value)).toBe('not measured');
    expect(format.formatRate(value)).toBe('not measured');
  });

  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [4_200, '4.2 s'],
    [9_999, '10 s'],
    [42_000, '42 s'],
    [59_700, '1 m 0 s'],
    [102_000, '1 m 42 s'],
    [3_599_700, '1 h 0 m'],
    [7_500_000, '2 h 5 m'],
    [273_600_000, '3 d 4 h'],
  ])('shows %i milliseconds as %s', (durationMs, text) => {
    expect(plain(format.formatDuration(durationMs))).toBe(text);
  });

  it.each([
    [84_120.4, '84,120 /s'],
    [3.21, '3.2 /s'],
    [0, 'not measured'],
  ])('shows the rate %f as %s', (rate, text) => {
    expect(plain(format.formatRate(rate))).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.00 kB'],
    [12_345_678, '12.3 MB'],
    [312_000_000, '312 MB'],
    [999_999, '1.00 MB'],
  ])('shows %i bytes as %s', (sizeBytes, text) => {
    expect(plain(format.formatBytes(sizeBytes))).toBe(text);
  });

  it('shows shapes and shares', () => {
    expect(format.formatShape([28, 28, 1])).toBe('28 × 28 × 1');
    expect(format.formatShape([])).toBe('1');
    expect(plain(format.formatShare(0.004))).toBe('< 1 %');
    expect(plain(format.formatShare(0))).toBe('0 %');
    expect(plain(format.formatFlops(1_423_000))).toBe('1.42 MFLOP');
  });
});

describe('metrics', () => {
  it.each([
    ['accuracy', 0.9128, 0.0014, '91.28 ± 0.14 %'],
    ['digit/accuracy', 0.9128, null, '91.28 %'],
    ['root-mean-squared-error', 29_812.4, 842.3, '29,812 ± 842'],
    ['loss', 0.23841, 0.00312, '0.2384 ± 0.0031'],
    ['loss', null, null, 'not measured'],
  ])('writes %s %d ± %d as %s', (metric, mean, spread, text) => {
    expect(plain(format.formatSpread(metric, mean, spread))).toBe(text);
  });

  it('names curves of heads and curves it has never heard of', () => {
    expect(format.metricLabel('top-5-accuracy')).toBe('Top-5 accuracy');
    expect(format.metricLabel('digit/accuracy')).toBe('Accuracy (digit)');
    expect(format.metricLabel('learning-rate')).toBe('Learning rate');
  });

  it('names them shortly where there is little room', () => {
    expect(
      ['loss', 'root-mean-squared-error', 'price/mean-absolute-error'].map(format.shortMetricLabel),
    ).toEqual(['loss', 'RMSE', 'MAE (price)']);
  });

  it('shows accuracies of heads as per cent and losses not', () => {
    expect(plain(format.formatMetric('digit/top-5-accuracy', 0.5))).toBe('50.00 %');
    expect(format.formatMetric('digit/loss', 0.5)).toBe('0.5000');
  });

  it('writes values with their unit, and no unit where nothing was measured', () => {
    expect(plain(format.formatWithUnit(29_812, 'USD'))).toBe('29,812 USD');
    expect(format.formatWithUnit(1, null)).toBe('1.0000');
    expect(format.formatWithUnit(null, 'USD')).toBe('not measured');
  });
});

describe('dates', () => {
  const now = new Date(2026, 10, 21, 12, 0);

  it('names today, then the day, then the year', () => {
    expect(format.formatWhen(new Date(2026, 10, 21, 9, 5).toISOString(), now)).toBe('today 09:05');
    expect(format.formatWhen(new Date(2026, 10, 2, 9, 5).toISOString(), now)).toBe('2 Nov 09:05');
    expect(format.formatWhen(new Date(2025, 0, 2, 9, 5).toISOString(), now)).toBe('2 Jan 2025 09:05');
  });
});
