import { describe, expect, it } from 'vitest';
import { channelRows, contributionRows, formulaOf, plain, resultOf, signed, titleOf } from './unit-steps.ts';

const box = { top: 0, left: 0, bottom: 2, right: 1 };

describe('the steps of a unit', () => {
  it('take a convolution apart by channel, the weightiest first, with the sum so far', () => {
    const rows = channelRows({
      kind: 'convolution',
      layer: 'conv',
      from: 'input',
      shape: [2, 1, 3],
      // Tap by tap, channel by channel.
      patch: Float32Array.of(1, 2, 3, 4, 5, 6),
      kernel: Float32Array.of(1, 0, -1, 1, 0, -1),
      perChannel: Float32Array.of(5, 0, -9),
      bias: 0.5,
      result: -3.5,
      window: box,
      box,
    });
    expect(rows.map(({ channel, sum, soFar }) => [channel, sum, soFar])).toEqual([
      [2, -9, -9],
      [0, 5, -4],
      [1, 0, -4],
    ]);
    expect([[...rows[0]!.patch], [...rows[0]!.kernel]]).toEqual([
      [3, 6],
      [-1, -1],
    ]);
  });

  it('take a dense unit apart by input', () => {
    const rows = contributionRows({
      kind: 'dense',
      layer: 'out',
      from: 'flat',
      inputs: Float32Array.of(1, 2, 3),
      weights: Float32Array.of(1, -4, 2),
      bias: 0,
      result: -1,
    });
    expect(rows.map(({ index, product, soFar }) => [index, product, soFar])).toEqual([
      [1, -8, -8],
      [2, 6, -2],
      [0, 1, -1],
    ]);
  });

  it('have names, formulas and results', () => {
    const activation = { kind: 'activation', layer: 'a', from: 'a', input: -1, result: -0.3 } as const;
    const leaky = { ...activation, activation: 'leaky-relu', negativeSlope: 0.3 };
    expect([titleOf(leaky), formulaOf(leaky)]).toEqual(['Activation: leaky-relu', 'x above 0, else 0.3 x']);
    expect(formulaOf({ ...activation, activation: 'relu', negativeSlope: null })).toBe('max(0, x)');
    const softmax = {
      kind: 'softmax',
      layer: 'a',
      from: 'a',
      unit: 1,
      logits: Float32Array.of(0, 0),
      exponentials: Float32Array.of(1, 1),
      sum: 2,
      probabilities: Float32Array.of(0.25, 0.75),
    } as const;
    expect([resultOf(softmax), resultOf(leaky)]).toEqual([0.75, -0.3]);
  });

  it('write numbers with a true minus sign', () => {
    expect([plain(-0.5), signed(-0.5), signed(2)]).toEqual(['−0.5', '− 0.5', '+ 2']);
  });
});
