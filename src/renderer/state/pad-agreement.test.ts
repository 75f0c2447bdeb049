import { describe, expect, it } from 'vitest';
import type { PadAnswer } from '../../shared/schema/inspection.ts';
import { agreements, dissenters, winnerOf } from './pad-agreement.ts';

const digits = ['zero', 'one', 'two'];

function head(name: string, classes: readonly string[], winner: number): PadAnswer['heads'][number] {
  return {
    name,
    classes: [...classes],
    probabilities: Float32Array.from(classes, (_, i) => (i === winner ? 0.8 : 0.1)),
  };
}

function answer(runId: string, ...heads: PadAnswer['heads']): PadAnswer {
  return { runId, epoch: 1, heads, maps: null, durationMs: 1 };
}

const named = (...winners: number[]) =>
  winners.map((winner, i) => answer(`run${i}`, head('digit', digits, winner)));

describe('what the nets say together', () => {
  it('is the class with the largest share, the first of equal ones', () => {
    expect(winnerOf({ name: 'x', classes: digits, probabilities: Float32Array.of(0.4, 0.4, 0.2) })).toBe(0);
    expect(winnerOf(head('x', digits, 2))).toBe(2);
  });

  it('is said in words', () => {
    const text = (...winners: number[]) => agreements(named(...winners)).map((one) => [one.agree, one.text]);
    expect(text(1, 1, 1, 1)).toEqual([[true, 'All 4 nets say one']]);
    expect(text(2, 2)).toEqual([[true, 'Both nets say two']]);
    expect(text(0, 2, 2, 2)).toEqual([[false, '3 say two, 1 says zero']]);
    expect(text(1)).toEqual([]);
  });

  it('is compared only where they choose among the same classes', () => {
    const colours = ['red', 'blue'];
    const two = answer('both', head('digit', digits, 1), head('colour', colours, 0));
    const other = answer('other', head('target', digits, 1));
    const clothes = answer('clothes', head('target', ['shirt', 'bag'], 1));
    expect(agreements([two, other, clothes])).toEqual([
      { about: 'digit', agree: true, text: 'Both nets say one' },
    ]);
  });

  it('marks those in the minority, and of a tie none', () => {
    expect([...dissenters(named(1, 0, 1, 1))]).toEqual(['run1/digit']);
    expect([...dissenters(named(0, 0, 1, 1))]).toEqual([]);
    expect([...dissenters(named(1, 1))]).toEqual([]);
    expect([...dissenters(named(0, 1, 2, 2))]).toEqual(['run0/digit', 'run1/digit']);
  });
});
