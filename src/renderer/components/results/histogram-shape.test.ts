import { describe, expect, it } from 'vitest';
import { sampleHistogram, sampleHistograms } from '../../state/testing/sample-results.ts';
import { sampleModel } from '../../state/testing/samples.ts';
import { describeDead, describeHistogram, histogramPath, telling, zeroAt } from './histogram-shape.ts';

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

  it('is left out for layers that only pass on what they get', () => {
    const layer = (name: string, kind: string, index: number) => ({
      index,
      name,
      kind,
      inputs: [],
      outputShape: [4],
      parameterCount: 0,
      receptiveField: null,
      forwardFlops: 0,
    });
    const model = {
      ...sampleModel,
      layers: [layer('row', 'flatten', 0), layer('dense-2', 'dense', 1), layer('dropout-3', 'dropout', 2)],
    };
    const all = sampleHistograms(['row', 'dense-2', 'dropout-3']);
    expect(telling(all, model).map((one) => one.layer)).toEqual(['dense-2']);
  });

  it('counts dead units', () => {
    const layer = {
      layer: 'dense-1',
      parameters: [],
      activations: sampleHistogram(),
      saturatedShare: null,
      units: 128,
    };
    expect(describeDead({ ...layer, deadUnits: 12 })).toBe('12 of 128 dead');
    expect(describeDead({ ...layer, deadUnits: 0 })).toBe('no dead units');
  });
});
