import { describe, expect, it } from 'vitest';
import { RunsLayout } from './runs-layout.ts';

const groups = [3, 1, 2].map((count, index) => ({ value: `g${index}`, count }));
const rows = (layout: RunsLayout) =>
  Array.from({ length: layout.length }, (_, row) => {
    const at = layout.at(row);
    return at.kind === 'group' ? `#${at.group}` : at.index;
  });

describe('the rows of the history', () => {
  it('are its runs where it is not grouped', () => {
    expect(rows(new RunsLayout(3, null))).toEqual([0, 1, 2]);
  });

  it('are a head and its runs per group', () => {
    expect(rows(new RunsLayout(6, groups))).toEqual(['#0', 0, 1, 2, '#1', 3, '#2', 4, 5]);
  });

  it('leave out the runs of a folded group, and keep the places of the others', () => {
    const layout = new RunsLayout(6, groups, (group) => group !== 2);
    expect(rows(layout)).toEqual(['#0', '#1', '#2', 4, 5]);
    expect(layout.firstRun(2)).toBe(4);
  });

  it('are none for no runs', () => {
    expect(new RunsLayout(0, []).length).toBe(0);
  });
});
