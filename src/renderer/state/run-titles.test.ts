import { describe, expect, it } from 'vitest';
import { runTitle, shortTitles } from './run-titles.ts';

const runs = (...rows: [name: string, variant: string | null, seed: number][]) =>
  rows.map(([name, variant, seed], index) => ({ id: String(index), name, variant, seed }));
const shown = (...rows: [name: string, variant: string | null, seed: number][]) => [
  ...shortTitles(runs(...rows)).values(),
];

describe('titles of runs', () => {
  it('name the variant only where the name does not', () => {
    expect(runTitle({ name: 'Circles, rate .1', variant: 'lr', seed: 2 })).toBe(
      'Circles, rate .1 · lr · seed 2',
    );
    expect(runTitle({ name: 'Nets, large', variant: 'large', seed: 1 })).toBe('Nets, large · seed 1');
  });

  it('leave out what all share, up to the last comma', () => {
    expect(shown(['Circles, one layer, batch 1', 'a', 1], ['Circles, one layer, batch 20', 'b', 1])).toEqual([
      'batch 1',
      'batch 20',
    ]);
    expect(shown(['Circles', null, 1], ['Cirrus', null, 1])).toEqual(['Circles', 'Cirrus']);
  });

  it('say the seed where it differs, the variant where names are alike', () => {
    expect(shown(['Net', 'plain', 1], ['Net', 'plain', 2])).toEqual(['seed 1', 'seed 2']);
    expect(shown(['Net', 'sgd', 1], ['Net', 'adam', 1])).toEqual(['sgd', 'adam']);
    expect(shown(['Net', null, 3])).toEqual(['Net · seed 3']);
  });

  it('fall back to the name where nothing differs', () => {
    expect(shown(['Net', null, 1], ['Net', null, 1])).toEqual(['Net', 'Net']);
  });
});
