import { largestRelativeDifference } from '../statistics.ts';
import type { SearchContestant } from './contestants.ts';
import type { ParityResults } from './results.ts';
import { runSearchRounds } from './rounds.ts';
import { writeSearchInputs } from './search-inputs.ts';

const TRIALS = 10;
/** So few steps that rounding has no time to grow where nets are on the edge of chaos. */
const EPOCHS_DIVIDED_BY = 50;

/** Runs a small search without dropout once by everybody, and compares the mean losses with PyTorch's. */
export async function measureParity(
  root: string,
  folder: string,
  contestants: readonly SearchContestant[],
  tell: (text: string) => void,
): Promise<ParityResults> {
  const inputs = await writeSearchInputs(root, folder, {
    trials: TRIALS,
    epochsDividedBy: EPOCHS_DIVIDED_BY,
    dropout: false,
    everyKind: 1,
  });
  tell('Without dropout');
  // Variants of a peer train alike.
  const one = contestants.filter(
    ({ name }, at) => contestants.findIndex((other) => other.name === name) === at,
  );
  const turns = await runSearchRounds(1, one, inputs, tell);
  const losses = turns.map(({ name, measurements: [measured] }) => ({
    name,
    // NaN differs from everything, so that a net that diverges is no agreement.
    means: measured?.trials.map(({ mean }) => mean ?? NaN) ?? null,
  }));
  const expected = losses.find(({ name }) => name === 'PyTorch')?.means ?? [];
  const differences = losses
    .filter(({ name }) => name !== 'PyTorch')
    .map(({ name, means }) => ({
      name,
      largest: means === null ? null : largestRelativeDifference(means, expected),
    }));
  return { trials: TRIALS, epochsDividedBy: EPOCHS_DIVIDED_BY, differences };
}
