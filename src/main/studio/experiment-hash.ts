import { createHash } from 'node:crypto';
import type { Experiment } from '../../shared/schema/experiment.ts';

/**
 * sha256 of what an experiment computes, whatever the order of its keys. Name, description and group do not count, nor
 * what only says which runs to make of it: renaming an experiment does not make it another.
 */
export function experimentSha256(experiment: Experiment): string {
  const {
    name: _name,
    description: _description,
    group: _group,
    variants: _variants,
    repeats: _repeats,
    search: _search,
    reference: _reference,
    ...computed
  } = experiment;
  return sha256Of(computed);
}

/**
 * sha256 of what a search looks for: the experiment, the space and what is good in it. How the space is gone through,
 * by which sampler and with which pruner, does not count.
 */
export function searchSha256(experiment: Experiment): string {
  const { sampler: _sampler, pruner: _pruner, ...sought } = experiment.search ?? {};
  return sha256Of([experimentSha256(experiment), sought]);
}

function sha256Of(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with the keys of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
