import { describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import type { VariantResults } from '../../shared/schema/results.ts';
import { countPlan, hasManyRuns, wholePlan } from './run-plan.ts';
import { sampleExperiment } from './testing/samples.ts';

const many = experiment.parse({
  ...sampleExperiment,
  repeats: 3,
  variants: [
    { id: 'a', name: 'A', set: {} },
    { id: 'b', name: 'B', set: {} },
  ],
});
const results = (variant: string | null, seeds: number[]): VariantResults => ({
  variant,
  name: '',
  runIds: [],
  seeds,
  durationMs: 0,
  metrics: [],
  bestDevMetrics: [],
});

describe('a plan of runs', () => {
  it('is every variant with every seed', () => {
    expect(wholePlan(many)).toEqual({ variants: ['a', 'b'], seed: 1, repeats: 3 });
    expect(countPlan(wholePlan(many), [])).toEqual({ planned: 6, done: 0 });
  });

  it('is the experiment itself where it has no variants', () => {
    expect(wholePlan(sampleExperiment).variants).toEqual([null]);
    expect(countPlan(wholePlan(sampleExperiment), [results(null, [1])])).toEqual({ planned: 1, done: 1 });
  });

  it('counts as done only the seeds and variants it names', () => {
    const known = [results('a', [1, 2, 9]), results('b', [7]), results(null, [1])];
    expect(countPlan(wholePlan(many), known)).toEqual({ planned: 6, done: 2 });
    expect(countPlan({ variants: ['b'], seed: 7, repeats: 2 }, known)).toEqual({ planned: 2, done: 1 });
    expect(countPlan({ variants: [], seed: 1, repeats: 3 }, known)).toEqual({ planned: 0, done: 0 });
  });

  it('is needed for variants or repeats', () => {
    expect(hasManyRuns(sampleExperiment)).toBe(false);
    expect(hasManyRuns({ ...sampleExperiment, repeats: 2 })).toBe(true);
    expect(hasManyRuns({ ...many, repeats: 1 })).toBe(true);
  });
});
