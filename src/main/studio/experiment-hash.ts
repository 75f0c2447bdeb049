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
  return createHash('sha256').update(canonicalJson(computed)).digest('hex');
}

/** JSON with the keys of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
