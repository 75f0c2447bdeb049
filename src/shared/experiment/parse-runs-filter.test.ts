import { describe, expect, it } from 'vitest';
import { runsQuery } from '../schema/run-query.ts';
import { parseRunsFilter } from './parse-runs-filter.ts';

const read = (typed: string) => {
  const { text, conditions, faults } = parseRunsFilter(typed);
  const shown = conditions.map(
    ({ field, operator, values }) => `${field} ${operator} ${JSON.stringify(values)}`,
  );
  return { text, shown, faults: faults.map(({ message }) => message) };
};

describe('a typed filter', () => {
  it.each([
    ['acc > .9 optimizer:adam', '', ['accuracy > [0.9]', 'training.optimizer.kind = ["adam"]']],
    ['acc>90% mlp', 'mlp', ['accuracy > [0.9]']],
    ['dev.loss<=1e-3 test/acc >= 0.5', '', ['devLoss <= [0.001]', 'testAccuracy >= [0.5]']],
    [
      'optimizer:adam,sgd state != failed,crashed',
      '',
      ['training.optimizer.kind = ["adam","sgd"]', 'state != ["failed","crashed"]'],
    ],
    ['time<5m duration > 90', '', ['durationMs < [300000]', 'durationMs > [90000]']],
    ['tag:"two words" name:circ', '', ['tags = ["two words"]', 'name ~ ["circ"]']],
    ['training.optimizer.nesterov:true', '', ['training.optimizer.nesterov = [true]']],
    ['testAccuracy=none', '', ['testAccuracy = [null]']],
    [
      'created > 2026-11-01 created:2026-11-21',
      '',
      ['createdAt > ["2026-11-01"]', 'createdAt ~ ["2026-11-21"]'],
    ],
    ['"acc:" mnist 50%', 'acc: mnist 50%', []],
    ['', '', []],
    ['model.layers.0.units:"64"', '', ['model.layers.0.units = ["64"]']],
  ])('%s', (typed, text, shown) => {
    expect(read(typed)).toEqual({ text, shown, faults: [] });
  });

  it.each([
    ['acc > high', /acc: "high" is no number/],
    ['acc >', /acc > lacks a value/],
    ['akuracy > .9', /"akuracy" is no field/],
    ['state:done', /"done" is no state; write queued, running/],
    ['> 3', /">" stands alone/],
    ['acc > .9,.8', /takes one value, not 2/],
    ['acc > 5m', /is no number/],
    ['time > 5%', /is no number/],
    ['__proto__:1', /is no field/],
  ])('says what is wrong with %s', (typed, message) => {
    const { shown, faults } = read(typed);
    expect(shown).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  it('names the place of a fault and keeps the rest', () => {
    const { conditions, faults } = parseRunsFilter('seed:1 foo:2 net');
    expect(faults[0]).toMatchObject({ from: 7, to: 12 });
    expect(conditions).toHaveLength(1);
  });

  it('makes conditions that the contract takes', () => {
    const { conditions } = parseRunsFilter('acc > .9 training.x.y:1 tag:a,b "q" dev.rmse<3');
    expect(runsQuery.parse({ filter: conditions }).filter).toEqual(conditions);
  });
});
