import { describe, expect, it } from 'vitest';
import { objectiveSpec } from '../../shared/schema/search.ts';
import { sampleSearch, sampleTrial, sampleTrials } from './testing/sample-study.ts';
import { StudyColumns } from './study-columns.ts';
import { orderTrials } from './trial-order.ts';
import { choiceTexts, missingReason, pointTexts, trialLine } from './trial-text.ts';

describe('the values of a choice', () => {
  it('are said by their kinds alone where these tell them apart', () => {
    const [sgd, adam] = [
      { kind: 'sgd', learningRate: 1 },
      { kind: 'adam', learningRate: 1 },
    ];
    expect(choiceTexts([sgd, adam])).toEqual(['sgd', 'adam']);
    expect(choiceTexts([sgd, { ...sgd, learningRate: 2 }])).toEqual([
      'sgd learningRate 1',
      'sgd learningRate 2',
    ]);
    expect(choiceTexts([32, 64])).toEqual(['32', '64']);
    expect(choiceTexts(['a', 'a'])).toEqual(['a', 'a (2)']);
  });

  it('are written alike in the table; numbers with four digits', () => {
    const [rate, , , units, optimizer] = sampleSearch.parameters;
    expect(pointTexts(rate!)(0.000123456)).toBe('1.235e-4');
    expect(pointTexts(units!)(50)).toBe('50');
    expect(pointTexts(optimizer!)({ kind: 'adam', learningRate: 0.001 })).toBe('adam');
    expect(pointTexts(units!)(undefined)).toBe('–');
  });
});

describe('a trial in words', () => {
  const loss = objectiveSpec.parse({});

  it('says its value with its error, or how it ended', () => {
    expect(trialLine(sampleTrial(12, {}, 0.25), [loss]).replaceAll('\u00a0', ' ')).toBe(
      'Trial 12: 0.2500 ± 0.0100',
    );
    expect(trialLine(sampleTrial(3, {}, null), [loss])).toBe('Trial 3: running');
  });

  it('says why it has no value', () => {
    expect(missingReason(sampleTrial(3, {}, null))).toBe('2 of 5 nets have ended');
    expect(missingReason(sampleTrials(41)[40]!)).toContain('not finite after epoch 3');
  });
});

describe('the order of the table', () => {
  const columns = new StudyColumns(sampleSearch.parameters, 1);
  columns.put(sampleTrials(60));

  it('is by any column in either direction, with what has no value last', () => {
    const times = orderTrials(columns, { by: 'duration' }, true).map(
      (i) => columns.ended[i]! - columns.started[i]!,
    );
    expect([...times].sort((a, b) => b - a)).toEqual(times);
    const states = orderTrials(columns, { by: 'state' }, false).map((trial) => columns.stateOf(trial));
    expect([states[0], states.at(-1)]).toEqual(['finished', 'failed']);
    for (const descending of [false, true]) {
      const last = orderTrials(columns, { by: 'objective', index: 0 }, descending).at(-1)!;
      expect(columns.values(0)[last]).toBeNaN();
    }
  });

  it('leaves out numbers that have not been heard of', () => {
    const some = new StudyColumns(sampleSearch.parameters, 1);
    some.put([sampleTrial(5, {}, 1)]);
    expect(orderTrials(some, { by: 'number' }, false)).toEqual([5]);
  });
});
