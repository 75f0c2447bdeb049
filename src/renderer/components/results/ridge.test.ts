import { describe, expect, it } from 'vitest';
import { sampleHistogram, sampleHistograms } from '../../state/testing/sample-results.ts';
import {
  describeDying,
  describeRidge,
  describeSaturation,
  histogramParts,
  outlineOf,
  overEpochs,
  partKey,
  partOfKey,
  ridgePlace,
  ridgePoints,
  ridgeRange,
} from './ridge.ts';

const history = [0, 1, 2].map((epoch) => ({
  epoch,
  layers: sampleHistograms(['conv', 'dense']).map((layer, index) => ({
    ...layer,
    deadUnits: index * epoch,
  })),
}));

describe('histograms over epochs', () => {
  it('are of parameters, gradients and activations', () => {
    expect(histogramParts(history[0]!.layers).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'parameter weights',
      'parameter bias',
      'gradient weights',
      'gradient bias',
      'activations activations',
    ]);
  });

  it('name what they count so that it can be found again', () => {
    for (const part of histogramParts(history[0]!.layers)) expect(partOfKey(partKey(part))).toEqual(part);
  });

  it('are densities: each has an area of one, whatever its range', () => {
    for (const change of [
      { minimum: -1, maximum: 3 },
      { minimum: 0, maximum: 0.01 },
    ]) {
      const { edges, density } = outlineOf(sampleHistogram(change));
      const area = density.reduce((sum, share, bin) => sum + share * (edges[bin + 1]! - edges[bin]!), 0);
      expect(area).toBeCloseTo(1, 10);
    }
    expect(outlineOf(sampleHistogram({ minimum: 2, maximum: 2 })).density.every((share) => share === 0)).toBe(
      true,
    );
  });

  it('span the ranges of all epochs, and one number too', () => {
    const at = (minimum: number, maximum: number) => ({
      epoch: 0,
      histogram: sampleHistogram({ minimum, maximum }),
    });
    expect(ridgeRange([at(-1, 1), at(0, 4)])).toMatchObject({ from: -1, to: 4 });
    expect(ridgeRange([at(2, 2)])).toMatchObject({ from: 1.5, to: 2.5 });
  });

  it('stand one below the other with the last in front, or on one line', () => {
    const bases = [0, 1, 2].map((index) => ridgePlace(index, 3, 100, 'offset').base);
    expect(bases).toEqual([...bases].sort((a, b) => a - b));
    expect(bases[2]).toBe(99);
    expect([0, 1, 2].map((index) => ridgePlace(index, 3, 100, 'overlay').base)).toEqual([99, 99, 99]);
  });

  it('are drawn between their own ends', () => {
    const points = ridgePoints(
      sampleHistogram({ minimum: 0, maximum: 1, counts: [1, 3] }),
      { from: -1, to: 1, peak: 1.5 },
      100,
      { base: 50, peak: 20 },
    );
    expect(points).toEqual([
      [50, 50],
      [62.5, 50 - 20 / 3],
      [87.5, 30],
      [100, 50],
    ]);
  });

  it('read in words', () => {
    const text = describeRidge(
      'weights',
      overEpochs(history, 'conv', { kind: 'parameter', name: 'weights' }),
    );
    expect(text).toBe(
      'weights over 3 epochs: mean 0.002 and standard deviation 0.081 at epoch 0, mean 0.002 and standard deviation 0.081 at epoch 2',
    );
    expect(describeRidge('weights', [])).toContain('no epoch yet');
  });

  it('say how units died, and how many outputs sit at the ends', () => {
    expect(describeDying(history, 'dense')).toBe('dead: 0 at epoch 0, 2 at epoch 2, at most 2');
    expect(describeDying(history, 'conv')).toBeNull();
    expect(describeSaturation({ saturatedShare: null })).toBeNull();
    expect(describeSaturation({ saturatedShare: 0.25 })).toMatch(/^25.* saturated$/);
  });
});
