import { describe, expect, it } from 'vitest';
import { wilcoxon } from './wilcoxon.ts';

describe("Wilcoxon's test", () => {
  it('says nothing of differences of which one is no number, and comes to an end', () => {
    expect(wilcoxon([1, NaN, 2])).toBeNull();
    expect(wilcoxon([NaN])).toBeNull();
  });

  it('ranks a difference without bounds as the largest', () => {
    expect(wilcoxon([1, 2, Infinity])).toEqual(wilcoxon([1, 2, 3]));
  });
});
