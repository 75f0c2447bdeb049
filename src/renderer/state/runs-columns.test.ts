import { describe, expect, it } from 'vitest';
import { parseRunsFilter } from '../../shared/experiment/parse-runs-filter.ts';
import { runsQuery } from '../../shared/schema/run.ts';
import { suggestFilter } from './filter-suggestions.ts';
import { columnChoices, columnOf, FIRST_COLUMNS, settingPaths } from './runs-columns.ts';

const known = { tags: ['paper', 'two words'], datasets: ['mnist', 'two-spirals'] };
const suggest = (text: string, caret = text.length) => suggestFilter(text, caret, known);

describe('the columns of the history', () => {
  it('can all be found again by their ids, and be asked of the studio', () => {
    for (const { id, field } of columnChoices()) {
      expect(columnOf(id)?.id).toBe(id);
      if (field !== null)
        expect(runsQuery.parse({ sortField: field, columns: [field] }).sortField).toBe(field);
    }
    expect(FIRST_COLUMNS).toContain('testAccuracy');
  });

  it('are of the settings that a default experiment has, single values only', () => {
    expect(settingPaths()).toEqual(
      expect.arrayContaining(['training.optimizer.kind', 'training.batchSize', 'training.loss']),
    );
    expect(settingPaths()).not.toContain('name');
  });

  it('may be of any path the user names, and of nothing else', () => {
    expect(columnOf('model.layers.3.units')).toMatchObject({ kind: 'setting', asked: true });
    expect(columnOf('nonsense')).toBeNull();
  });
});

describe('suggestions while a filter is typed', () => {
  it('complete the field at the caret', () => {
    const [first] = suggest('mlp opti');
    expect(first).toMatchObject({ insert: 'optimizer:', from: 4, to: 8 });
    expect(suggest('acc > .9 ba')[0]?.insert).toBe('batch > ');
  });

  it('complete values that are known', () => {
    expect(suggest('state:f').map(({ insert }) => insert)).toEqual(['finished ', 'failed ']);
    expect(suggest('optimizer:adam').map(({ insert }) => insert)).toEqual(['adamw ']);
    expect(suggest('tag:t')[0]?.insert).toBe('"two words" ');
    expect(suggest('data = tw')[0]?.insert).toBe('two-spirals ');
  });

  it('say nothing where nothing is being typed', () => {
    expect(suggest('')).toEqual([]);
    expect(suggest('acc > .9 ')).toEqual([]);
    expect(suggest('zzz')).toEqual([]);
  });

  it('lead to filters that are understood', () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
      for (const { insert } of suggest(letter)) {
        const typed = `${insert}${insert.endsWith(':') ? wordFor(insert) : '1'}`;
        expect(parseRunsFilter(typed).faults, typed).toEqual([]);
      }
    }
  });
});

/** A value that a field of words takes. */
function wordFor(insert: string): string {
  return insert === 'state:' ? 'failed' : '2026-01-01';
}
