import { expect, it } from 'vitest';
import { sumDescendants } from './process-memory.ts';

it('counts children and their children, and nobody else', () => {
  const processes = new Map([
    [1, { parent: 0, residentBytes: 1 }],
    [10, { parent: 1, residentBytes: 10 }],
    [20, { parent: 10, residentBytes: 100 }],
    [21, { parent: 20, residentBytes: 1_000 }],
    [30, { parent: 1, residentBytes: 10_000 }],
    [40, { parent: 39, residentBytes: 100_000 }],
  ]);
  expect(sumDescendants(10, processes)).toBe(1_100);
});
