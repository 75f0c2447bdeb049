import { expect, it } from 'vitest';
import { ContestantError } from '../run-program.ts';
import type { SearchContestant, SearchMeasurement, SearchName } from './contestants.ts';
import { qualifySearch, runSearchRounds } from './rounds.ts';
import type { SearchInputs } from './search-inputs.ts';

const inputs: SearchInputs = {
  folder: '',
  experiment: undefined as unknown as SearchInputs['experiment'],
  points: [],
  configurations: [],
  folds: 5,
  steps: 0,
};

function measured(seconds: number): SearchMeasurement {
  return { seconds, loadSeconds: 0, compileSeconds: 0, peakMemoryBytes: null, trials: [], versions: {} };
}

/** Takes the given seconds, one after the other; null for no answer. */
function contestant(name: SearchName, variant: string, ...times: (number | null)[]): SearchContestant {
  const left = [...times];
  return {
    name,
    variant,
    keepsPrograms: false,
    measure: () => {
      const seconds = left.shift();
      return typeof seconds === 'number'
        ? Promise.resolve(measured(seconds))
        : Promise.reject(new ContestantError('none'));
    },
  };
}

const quiet = (): void => undefined;

it('keeps variants near the fastest, by the faster of two turns', async () => {
  const disturbed = contestant('PyTorch', 'disturbed once', 90, 10);
  const near = contestant('PyTorch', 'near', 11, 12);
  const slow = contestant('PyTorch', 'slow', 20, 20);
  const silent = contestant('PyTorch', 'silent', null, null);
  const only = contestant('JAX', 'only');
  const found = await qualifySearch([disturbed, near, slow, silent, only], inputs, quiet);
  expect(found.contestants).toEqual([disturbed, near, only]);
  expect(found.unqualified).toEqual([
    { name: 'PyTorch', variant: 'slow', seconds: 20, bestSeconds: 10 },
    { name: 'PyTorch', variant: 'silent', seconds: null, bestSeconds: 10 },
  ]);
});

it('has an entry for every round, also without an answer', async () => {
  const turns = await runSearchRounds(
    2,
    [contestant('Epoch Studio', 'a', 1, 2), contestant('JAX', 'b', null, 4)],
    inputs,
    quiet,
  );
  expect(turns.map(({ measurements }) => measurements.map((one) => one?.seconds ?? null))).toEqual([
    [1, 2],
    [null, 4],
  ]);
});
