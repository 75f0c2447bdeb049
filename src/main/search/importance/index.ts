import { StudioError } from '../../../shared/ipc/errors.ts';
import type { SearchParameter } from '../../../shared/schema/search.ts';
import type { Importance } from '../../../shared/schema/study.ts';
import { columnOf, having, varies, type ValuedPoint } from './columns.ts';
import { fanova } from './fanova.ts';
import { varianceBetween } from './mean-difference.ts';

/** Finished trials that say something of a parameter. */
const LEAST_TRIALS = 4;

/** Parameters that count in the same trials. */
interface Group {
  readonly parameters: readonly SearchParameter[];
  readonly trials: readonly ValuedPoint[];
}

/** Parameters without a condition in one group, those with the same condition in one each. */
function groupsOf(parameters: readonly SearchParameter[], trials: readonly ValuedPoint[]): Group[] {
  const byCondition = new Map<string, SearchParameter[]>();
  for (const parameter of parameters.filter(varies)) {
    const condition = JSON.stringify(parameter.when ?? null);
    byCondition.set(condition, [...(byCondition.get(condition) ?? []), parameter]);
  }
  return [...byCondition.values()].map((members) => ({
    parameters: members,
    trials: having(members, trials),
  }));
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** What each parameter of a group explains of the variance of all trials; pauses while it works. */
function* explained(
  group: Group,
  parameters: readonly SearchParameter[],
  allTrials: number,
  method: Importance['method'],
  seed: number,
): Generator<undefined, number[], undefined> {
  const { trials } = group;
  if (trials.length < LEAST_TRIALS) return group.parameters.map(() => 0);
  const targets = Float64Array.from(trials, ({ value }) => value);
  const weight = trials.length / allTrials;
  if (method === 'mean-difference') {
    return group.parameters.map((one) => weight * varianceBetween(columnOf(one, trials), targets));
  }
  // What others do in these trials, also those that count in some of them only, is not this group's doing.
  const others = parameters.filter((one) => varies(one) && !group.parameters.includes(one));
  const columns = [...group.parameters, ...others].map((one) => columnOf(one, trials));
  const shares = yield* fanova(columns, targets, seed);
  const variance = varianceOf(targets);
  return group.parameters.map((_, at) => weight * variance * shares[at]!);
}

function refuse(found: string, expected: string): StudioError {
  return new StudioError('invalid-input', `importance: ${found}; ${expected}`);
}

function requireVariedTrials(trials: readonly ValuedPoint[]): void {
  if (trials.length < LEAST_TRIALS) {
    throw refuse(
      `${trials.length} trials have finished with a number`,
      `expected ${LEAST_TRIALS} at least; let the search go on and ask again`,
    );
  }
  if (trials.every(({ value }) => value === trials[0]?.value)) {
    throw refuse(
      `all ${trials.length} trials came to the same number`,
      'expected numbers that differ; there is nothing that parameters could explain',
    );
  }
}

/** What {@link computeImportance} is asked. */
type ImportanceQuestion = [
  parameters: readonly SearchParameter[],
  trials: readonly ValuedPoint[],
  method: Importance['method'],
  seed: number,
];

/**
 * How much each parameter matters for the objective: the share of the trials' variance that it explains by itself, by
 * fANOVA or by the means over its values; the shares add up to 1, largest first. A parameter that counts only under a
 * condition is judged on the trials that have it, and weighs as much as the variance in them.
 * @param trials finished ones; those with a value that is not finite are left out
 * @param seed of the forest's draws: the same gives the same shares
 * @throws StudioError `invalid-input` for fewer than 4 such trials, for values that are all equal, and where no
 *   parameter's value differs from trial to trial
 */
export function computeImportance(...asked: ImportanceQuestion): Importance {
  const work = importanceInSteps(...asked);
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/**
 * The same, with pauses: a forest over thousands of trials takes about a second.
 * @param pause called every some ten milliseconds of work
 */
export async function computeImportanceInTurns(
  pause: () => Promise<unknown>,
  ...asked: ImportanceQuestion
): Promise<Importance> {
  const work = importanceInSteps(...asked);
  let step = work.next();
  while (step.done !== true) {
    await pause();
    step = work.next();
  }
  return step.value;
}

function* importanceInSteps(
  ...[parameters, trials, method, seed]: ImportanceQuestion
): Generator<undefined, Importance, undefined> {
  const finite = trials.filter(({ value }) => Number.isFinite(value));
  requireVariedTrials(finite);
  const parts = new Map(parameters.map(({ name }) => [name, 0]));
  for (const group of groupsOf(parameters, finite)) {
    const found = yield* explained(group, parameters, finite.length, method, seed);
    group.parameters.forEach(({ name }, at) => parts.set(name, found[at]!));
  }
  const total = [...parts.values()].reduce((sum, part) => sum + part, 0);
  if (!(total > 0)) {
    throw refuse(
      `no parameter explains any of the differences between ${finite.length} trials`,
      'expected trials with differing values of the parameters; let the search go on and ask again',
    );
  }
  const shares = [...parts].map(([name, part]) => ({ name, share: part / total }));
  return { method, parameters: shares.sort((a, b) => b.share - a.share), trials: finite.length };
}
