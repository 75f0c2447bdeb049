import { describe, expect, it } from 'vitest';
import { fuzzyFilter, fuzzyScore } from './fuzzy.ts';

describe('fuzzyScore', () => {
  it('finds characters in order and nothing else', () => {
    expect(fuzzyScore('mcnn', 'MNIST CNN')).not.toBeNull();
    expect(fuzzyScore('nnc', 'MNIST CNN')).toBeNull();
    expect(fuzzyScore('', 'anything')).toBe(0);
  });

  it('ignores case and spaces of the query', () => {
    expect(fuzzyScore('Mnist MLP', 'mnist-mlp')).toBe(fuzzyScore('mnistmlp', 'mnist-mlp'));
  });

  it('prefers starts of words to letters within', () => {
    const initials = fuzzyScore('os', 'Open Settings') ?? 0;
    const within = fuzzyScore('os', 'Close') ?? 0;
    expect(initials).toBeGreaterThan(within);
  });

  it('prefers letters side by side', () => {
    expect(fuzzyScore('run', 'a run')).toBeGreaterThan(fuzzyScore('run', 'a rxuxn') ?? 0);
  });

  it('takes a hostile text in a moment', () => {
    const started = performance.now();
    fuzzyScore('a'.repeat(60), 'a'.repeat(10_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('fuzzyFilter', () => {
  const commands = ['Open runs', 'Run MNIST CNN', 'Run MNIST MLP', 'Settings: theme'];

  it('orders by fit and cuts', () => {
    expect(fuzzyFilter(commands, 'mlp', (c) => c, 9)).toEqual(['Run MNIST MLP']);
    expect(fuzzyFilter(commands, 'run', (c) => c, 2)).toHaveLength(2);
  });

  it('keeps the order without a query', () => {
    expect(fuzzyFilter(commands, ' ', (c) => c, 9)).toEqual(commands);
  });
});
