import { describe, expect, it } from 'vitest';
import { chooseExecutor, chooseStepsPerCall } from './executor-rule.ts';

const dense = { batchSize: 64, hasConvolutions: false };

describe('the executor', () => {
  it('is op by op where recording would take longer than the steps', () => {
    expect(chooseExecutor({ ...dense, plannedSteps: 5 })).toBe('eager');
  });

  it('is XLA for long runs of dense nets, the graph executor for shorter ones and for convolutions', () => {
    expect(chooseExecutor({ ...dense, plannedSteps: 8_440 })).toBe('xla');
    expect(chooseExecutor({ ...dense, plannedSteps: 300 })).toBe('graph');
    expect(chooseExecutor({ ...dense, plannedSteps: 8_440, hasConvolutions: true })).toBe('graph');
  });

  it('is what the caller says, whatever the rule says', () => {
    expect(chooseExecutor({ ...dense, plannedSteps: 5, executor: 'xla' })).toBe('xla');
  });
});

describe('the steps per call', () => {
  it('fall with the work of a step, and are at least one', () => {
    const mlp = chooseStepsPerCall('xla', 64 * 1.4e6);
    const cnn = chooseStepsPerCall('graph', 64 * 25e6);
    expect(mlp).toBeGreaterThan(50);
    expect(mlp).toBeLessThan(200);
    expect(cnn).toBeGreaterThanOrEqual(2);
    expect(cnn).toBeLessThan(10);
    expect(chooseStepsPerCall('graph', 1e15)).toBe(1);
  });

  it('are bounded for tiny nets, so that a pause acts soon', () => {
    expect(chooseStepsPerCall('xla', 0)).toBe(1_000);
  });
});
