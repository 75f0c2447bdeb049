import { describe, expect, it } from 'vitest';
import { everyNthKind, kindOf, type Configuration } from './search-inputs.ts';

function configuration(number: number, width: number, kind: 'sgd' | 'adam'): Configuration {
  const shared = { learningRate: 0.001 * (number + 1), weightDecay: 0 };
  return {
    number,
    widths: [width, 100],
    dropout: [0.1, 0.1],
    batchSize: 16,
    epochs: 100 + number,
    optimizer:
      kind === 'sgd'
        ? { kind, momentum: 0.9, nesterov: false, ...shared }
        : { kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...shared },
  };
}

describe('kinds of nets', () => {
  const drawn = [
    configuration(0, 20, 'sgd'),
    configuration(1, 20, 'adam'),
    configuration(2, 20, 'sgd'),
    configuration(3, 50, 'sgd'),
    configuration(4, 20, 'adam'),
  ];

  it('differ by sizes and optimizer, not by numbers', () => {
    expect(new Set(drawn.map(kindOf)).size).toBe(3);
    expect(kindOf(drawn[0]!)).toBe(kindOf(drawn[2]!));
  });

  it('are taken whole', () => {
    const numbers = (n: number): number[] => everyNthKind(drawn, n).map(({ number }) => number);
    expect(numbers(1)).toEqual([0, 1, 2, 3, 4]);
    expect(numbers(2)).toEqual([0, 2, 3]);
    expect(numbers(3)).toEqual([0, 2]);
  });
});
