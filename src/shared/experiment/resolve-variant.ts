import { StudioError } from '../ipc/errors.ts';
import type { Experiment, ExperimentInput } from '../schema/experiment.ts';
import { experiment } from '../schema/experiment.ts';
import { setField, type Json } from './set-field.ts';

/**
 * The experiment that is run for one of its variants: the changed fields in place, and without what only groups runs
 * (variants, repeats, search). Two files that come to the same run have the same sha256.
 * @param id of a variant; null for the experiment as it is
 * @throws StudioError `not-found` for an unknown variant, `invalid-input` where its changes lead nowhere or make no
 * valid experiment
 */
export function resolveVariant(whole: Experiment, id: string | null): Experiment {
  const plain: Experiment = { ...whole, variants: [], repeats: 1, search: null, reference: null };
  if (id === null) return plain;
  const variant = whole.variants.find((candidate) => candidate.id === id);
  if (variant === undefined) {
    throw new StudioError(
      'not-found',
      `experiment ${whole.name}: has no variant '${id}', expected one of ${whole.variants.map((v) => v.id).join(', ')}`,
      { variant: id },
    );
  }
  let changed = plain as unknown as Json;
  for (const [path, value] of Object.entries(variant.set)) {
    changed = setField(changed, path, value, () => leadsNowhere({ variant: id, path }));
  }
  return parseChanged(changed, id, `${whole.name}, ${variant.name}`);
}

/** Every variant's id; an experiment without variants has only itself. */
export function variantIds(whole: Experiment): readonly (string | null)[] {
  return whole.variants.length === 0 ? [null] : whole.variants.map(({ id }) => id);
}

interface Place {
  readonly variant: string;
  readonly path: string;
}

function leadsNowhere({ variant, path }: Place): StudioError {
  return new StudioError(
    'invalid-input',
    `variant ${variant}: '${path}' leads to no field of the experiment; name an existing field, lists by position`,
    { path: 'variants', variant },
  );
}

function parseChanged(changed: Json, variant: string, name: string): Experiment {
  const parsed = experiment.safeParse({
    ...(changed as unknown as ExperimentInput),
    name: name.slice(0, 120),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StudioError(
    'invalid-input',
    `variant ${variant}: makes no valid experiment, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown fault'}`,
    { path: 'variants', variant },
  );
}
