import { StudioError } from '../ipc/errors.ts';
import { experiment, type Experiment } from '../schema/experiment.ts';
import type { FoldSpec } from '../schema/dataset.ts';
import type { SearchParameter } from '../schema/search.ts';
import type { SearchPoint } from '../schema/study.ts';
import { setField, type Json } from './set-field.ts';

function leadsNowhere(parameter: SearchParameter, path: string): StudioError {
  return new StudioError(
    'invalid-input',
    `search, ${parameter.name}: '${path}' leads to no field of the experiment; name an existing field, lists by position`,
    { path: 'search.parameters', parameter: parameter.name },
  );
}

/**
 * The experiment of a point of its space: the values in place, in the order of the parameters (so that a learning rate
 * may stand after the optimizer it belongs to), and without what only groups runs.
 * @param fold of a cross-validation; null for the experiment's own split
 * @throws StudioError `invalid-input` where a path leads nowhere or the values make no valid experiment
 */
export function resolvePoint(whole: Experiment, point: SearchPoint, fold: FoldSpec | null): Experiment {
  let changed: Json = {
    ...whole,
    variants: [],
    repeats: 1,
    search: null,
    reference: null,
  };
  for (const parameter of whole.search?.parameters ?? []) {
    const value = point[parameter.name];
    if (value === undefined) continue;
    for (const path of parameter.paths) {
      changed = setField(changed, path, value, () => leadsNowhere(parameter, path));
    }
  }
  if (fold !== null) {
    changed = setField(changed, 'data.split.fold', fold, () => new Error('an experiment has a split'));
  }
  const parsed = experiment.safeParse(changed);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StudioError(
    'invalid-input',
    `search: the point ${JSON.stringify(point)} makes no valid experiment, ${issue?.path.join('.') ?? ''}: ` +
      `${issue?.message ?? 'unknown fault'}; change the space`,
    { path: 'search.parameters', point },
  );
}
