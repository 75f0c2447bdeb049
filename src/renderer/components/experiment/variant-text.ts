import { resolveVariant } from '../../../shared/experiment/resolve-variant.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { SamplerSpec, SearchSpec } from '../../../shared/schema/search.ts';
import { formatCount } from '../../text/format.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A field that differs from the experiment itself. */
export interface Change {
  /** "*" stands for the positions of several layers that change alike. */
  readonly path: string;
  readonly value: string;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindText({ kind, ...rest }: Fields): string {
  const numbers = Object.entries(rest).filter(([, value]) => typeof value !== 'object');
  return [String(kind), ...numbers.map(([key, value]) => `${key} ${String(value)}`)].join(' ');
}

/** A value in a line of text: an object with a kind by its numbers, a list of such by their kinds. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    return value
      .map((item) => (isFields(item) && 'kind' in item ? String(item.kind) : valueText(item)))
      .join(', ');
  }
  if (typeof value === 'string') return value;
  if (!isFields(value)) return JSON.stringify(value);
  return 'kind' in value ? kindText(value) : JSON.stringify(value);
}

/** The smallest fields in which two values differ, as the second has them. */
function differences(path: string, from: unknown, to: unknown): Change[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const alike = isFields(from) && isFields(to) && from.kind === to.kind;
  const sameLength = Array.isArray(from) && Array.isArray(to) && from.length === to.length;
  if (!alike && !sameLength) return [{ path, value: valueText(to) }];
  const [before, after] = [from as Fields, to as Fields];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(path === '' ? key : `${path}.${key}`, before[key], after[key]),
  );
}

/** Changes that several layers share, as one. */
function joinAlike(changes: readonly Change[]): Change[] {
  const joined = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.path.replace(/^model\.layers\.\d+\./, 'model.layers.*.')} ${change.value}`;
    joined.set(key, [...(joined.get(key) ?? []), change]);
  }
  return [...joined.values()].map((alike) => {
    const [first] = alike as [Change];
    return alike.length === 1 ? first : { ...first, path: first.path.replace(/\.\d+\./, '.*.') };
  });
}

/** What a variant changes of its experiment, field by field; null where it makes no valid experiment. */
export function changesOf(experiment: Experiment, variant: string): Change[] | null {
  try {
    const plain = resolveVariant(experiment, null);
    const changed = { ...resolveVariant(experiment, variant), name: plain.name };
    return joinAlike(differences('', plain, changed));
  } catch {
    return null;
  }
}

function samplerName(sampler: SamplerSpec): string {
  switch (sampler.kind) {
    case 'random':
      return `Random search, ${formatCount(sampler.trials)} trials`;
    case 'sobol':
      return `Sobol sequence, ${formatCount(sampler.trials)} trials`;
    case 'tpe':
      return `Tree-structured Parzen estimator, ${formatCount(sampler.trials)} trials`;
    case 'grid':
      if (sampler.count !== null) return `Grid search over ${formatCount(sampler.count)} of the points`;
      return `Grid search${sampler.fraction < 1 ? ` over ${sampler.fraction * 100} % of the points` : ''}`;
    default:
      return sampler satisfies never;
  }
}

/** How a search walks its space, and how often each point is trained. */
export function samplerText({ sampler, folds, foldRepeats, seeds }: SearchSpec): string {
  const cut =
    folds === 0 ? ', leaving one example out' : folds > 1 ? `, ${formatCount(folds)} folds each` : '';
  const repeats = foldRepeats > 1 ? `, cut ${formatCount(foldRepeats)} times` : '';
  return `${samplerName(sampler)}${cut}${repeats}${seeds > 1 ? `, ${formatCount(seeds)} seeds` : ''}`;
}
