import { describe, expect, it } from 'vitest';
import { sampleHistogram } from '../../state/testing/sample-results.ts';
import { describeDead, describeHistogram, histogramPath, zeroAt } from './histogram-shape.ts';

describe('a histogram', () => {
  it('fills the box: the largest bin to the top, an empty one at the bottom', () => {
    expect(histogramPath([1, 2, 0, 4], 40, 8)).toBe('M0 8V6.00H10.00V4.00H20.00V8.00H30.00V0.00H40.00V8Z');
  });

  it('is drawn of nothing but zeros as a line at the bottom', () => {
    expect(histogramPath([0, 0], 10, 4)).toBe('M0 4V4.00H5.00V4.00H10.00V4Z');
  });

  it('shows small bins beside large ones by logarithm', () => {
    const top = (path: string) => Number(/V([\d.]+)H/.exec(path)?.[1]);
    expect(top(histogramPath([1, 1_000], 2, 100))).toBeCloseTo(99.9, 1);
    expect(top(histogramPath([1, 1_000], 2, 100, true))).toBeCloseTo(
      100 * (1 - Math.log(2) / Math.log(1_001)),
      1,
    );
  });

  it('marks zero where it lies', () => {
    expect(zeroAt(sampleHistogram({ minimum: -1, maximum: 3 }), 200)).toBe(50);
    expect(zeroAt(sampleHistogram({ minimum: 1, maximum: 3 }), 200)).toBeNull();
    expect(zeroAt(sampleHistogram({ minimum: 0, maximum: 0 }), 200)).toBeNull();
  });

  it('reads in words, with what is not finite', () => {
    const counts = [3, 1];
    expect(describeHistogram('bias', sampleHistogram({ counts, notFinite: 2 }))).toBe(
      'bias: 4 numbers from -0.4 to 0.4, mean 0.002, standard deviation 0.081, 2 not finite',
    );
  });

  it('counts dead units', () => {
    const layer = { layer: 'dense-1', parameters: [], activations: sampleHistogram(), units: 128 };
    expect(describeDead({ ...layer, deadUnits: 12 })).toBe('12 of 128 dead');
    expect(describeDead({ ...layer, deadUnits: 0 })).toBe('no dead units');
  });
});
