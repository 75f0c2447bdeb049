import { describe, expect, it } from 'vitest';
import { StudyColumns } from './study-columns.ts';
import { studyAxes } from './study-axes.ts';
import { sampleSearch, sampleTrial, sampleTrials } from './testing/sample-study.ts';

const { parameters } = sampleSearch;
const adam = { kind: 'adam', learningRate: 0.001 };
const point = { 'learning rate': 1e-3, dropout: 0.125, epochs: 30, units: 50, optimizer: adam };

describe('the columns of trials', () => {
  it('place each value on its axis: logarithms, stretches, places of words', () => {
    const columns = new StudyColumns(parameters, 1);
    columns.put([sampleTrial(0, point, 0.5)]);
    const shares = parameters.map((_, index) => columns.shares(index)[0]);
    expect(shares[0]).toBeCloseTo(0.5, 12);
    expect(shares.slice(1)).toEqual([0.25, 0.5, 0.5, 1]);
    expect([...columns.values(0)]).toEqual([0.5]);
  });

  it('leave what does not count at a point, and what no space holds, without a place', () => {
    const columns = new StudyColumns(parameters, 1);
    columns.put([sampleTrial(0, { units: 64 }, null)]);
    expect(parameters.map((_, index) => columns.shares(index)[0])).toEqual(parameters.map(() => Number.NaN));
    expect(columns.values(0)[0]).toBeNaN();
  });

  it('grow by batches in any order and take the newer of a trial', () => {
    const columns = new StudyColumns(parameters, 1);
    columns.put([sampleTrial(1_000, point, 2)]);
    expect(columns.count).toBe(1_001);
    expect(columns.stateOf(3)).toBe('waiting');
    columns.put([sampleTrial(3, point, null)]);
    columns.put([sampleTrial(3, point, 7)]);
    expect(columns.row(3)?.state).toBe('finished');
    expect([columns.values(0)[3], columns.values(0)[1_000]]).toEqual([7, 2]);
    expect(columns.ended[3]! - columns.started[3]!).toBe(4_000);
  });

  it('take two and a half thousand trials in a few milliseconds', () => {
    const trials = sampleTrials(2_500);
    const columns = new StudyColumns(parameters, 1);
    const start = performance.now();
    columns.put(trials);
    studyAxes(sampleSearch, columns);
    expect(performance.now() - start).toBeLessThan(250);
  });
});

describe('the axes of a study', () => {
  it('are its parameters over the whole space, then its objective over what was measured', () => {
    const columns = new StudyColumns(parameters, 1);
    columns.put([sampleTrial(0, point, 0.5), sampleTrial(1, point, 0.75), sampleTrial(2, point, null)]);
    const axes = studyAxes(sampleSearch, columns);
    expect(axes.map(({ title }) => title)).toEqual([...parameters.map(({ name }) => name), 'dev loss']);
    expect(axes[0]).toMatchObject({ logarithmic: true, span: [-4, -2], categories: null });
    expect(axes[3]?.categories).toEqual(['20', '50', '100']);
    expect(axes[4]?.categories).toEqual(['sgd', 'adam']);
    expect([...axes[5]!.shares]).toEqual([0, 1, Number.NaN]);
  });
});
