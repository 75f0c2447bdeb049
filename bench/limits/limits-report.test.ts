import { describe, expect, it } from 'vitest';
import { formatLimitsReport, isKept, type LimitsResults } from './limits-report.ts';

function resultsOf(...clicksMs: readonly (number | null)[]): LimitsResults {
  const rounds = clicksMs.map((measuredMs) => [
    { name: 'Pad', measuredMs: 30, limitMs: 50 },
    ...(measuredMs === null ? [] : [{ name: 'Click', measuredMs, limitMs: 100 }]),
  ]);
  return { date: '2026-11-21', machine: 'a machine', loads: rounds.map(() => 0.5), rounds };
}

describe('what the screens promise', () => {
  it('is kept where the median of every limit is', () => {
    expect(isKept(resultsOf(90, 100, 500))).toBe(true);
    expect(isKept(resultsOf(90, 101, 500))).toBe(false);
  });

  it('is not kept by what was not measured', () => {
    expect(isKept(resultsOf(90, null, 80))).toBe(true);
    expect(isKept(resultsOf(90, null, null))).toBe(false);
    expect(isKept({ ...resultsOf(), rounds: [] })).toBe(false);
  });

  it('is told limit by limit, with every round', () => {
    const report = formatLimitsReport(resultsOf(120, null, 90));
    expect(report).toContain('| Pad | 50 | 30.0 | 30.0, 30.0, 30.0 | kept |');
    expect(report).toContain('| Click | 100 | 120.0 | 120.0, failed, 90.0 | **missed** |');
    expect(report).toContain('1 of 2 limits kept, by medians of 3 rounds. Missed: Click.');
  });
});
