import { describe, expect, it } from 'vitest';
import { luminance } from '../../charts/colour-maps.ts';
import { RANK_STEPS, rankColours, rankSteps } from './trial-colours.ts';
import { trialCurves } from './trial-curves.ts';
import { trialColumns, trialsTable } from './trial-columns.ts';
import { spreadShares, timeUnit } from './plot-axis.ts';
import { sampleFolds, sampleSearch, sampleTrial, sampleTrials } from '../../state/testing/sample-study.ts';

const lightness = (colour: string) =>
  colour.startsWith('#')
    ? luminance(colour)
    : luminance(
        `#${colour
          .match(/\d+/g)!
          .map((channel) => Number(channel).toString(16).padStart(2, '0'))
          .join('')}`,
      );

describe('the colours of ranks', () => {
  it('let the best stand out most from either ground', () => {
    const [light, dark] = [rankColours('light').map(lightness), rankColours('dark').map(lightness)];
    expect(Math.min(...light)).toBe(light[0]);
    expect(Math.max(...dark)).toBe(dark[0]);
  });

  it('have a grey of their own for trials without a value', () => {
    expect([...rankSteps(Float64Array.of(0, 1, Number.NaN))]).toEqual([0, RANK_STEPS - 1, RANK_STEPS]);
    expect(rankColours('light')).toHaveLength(RANK_STEPS + 1);
  });
});

describe('the curves of a trial', () => {
  it('are one per net, in one colour, named by what tells the nets apart', () => {
    const lines = trialCurves(3, sampleFolds(sampleTrial(3, {}, 0.2)), '#000000');
    expect(lines.map(({ label }) => label)).toEqual([1, 2, 3, 4, 5].map((fold) => `Trial 3, fold ${fold}`));
    expect(lines[0]!.x[0]).toBe(1);
    expect(lines[0]!.y.at(-1)).toBeCloseTo(0.18 + 0.8 * Math.exp(-19 / 4), 12);
    const [net] = sampleFolds(sampleTrial(3, {}, 0.2), 1);
    expect(trialCurves(3, [net!], '#000000')[0]?.label).toBe('Trial 3');
    expect(trialCurves(3, [{ ...net!, curve: [] }], '#000000')).toEqual([]);
  });
});

describe('the table of trials', () => {
  it('exports what it shows, without what was not measured', () => {
    const columns = trialColumns(sampleSearch);
    const table = trialsTable('Trials', columns, sampleTrials(7));
    expect(table.columns.map(({ title }) => title).slice(0, 4)).toEqual([
      'Trial',
      'State',
      'dev loss',
      'learning rate',
    ]);
    expect(table.rows).toHaveLength(7);
    expect(table.rows[6]?.slice(0, 3)).toEqual(['6', 'pruned', null]);
    expect(table.rows[0]?.[2]).toMatch(/ ±/);
  });
});

describe('where points are drawn', () => {
  it('is beside the words of an axis, never nearer to another word', () => {
    const axis = { categories: ['a', 'b', 'c'], shares: new Float64Array(100).fill(0.5) };
    const spread = spreadShares({
      ...axis,
      id: '',
      kind: 'setting',
      title: '',
      metric: null,
      logarithmic: false,
      span: [0, 2],
    });
    expect(spread.every((share) => Math.abs(share - 0.5) < 0.25)).toBe(true);
    expect(new Set(spread).size).toBe(100);
  });

  it('counts time in the unit that reads best', () => {
    expect([90_000, 600_000, 86_400_000].map((ms) => timeUnit(ms).unit)).toEqual(['s', 'min', 'h']);
  });
});
