import type { RunGroup, SettingValue } from '../../shared/schema/comparison.ts';
import type { RunSummary } from '../../shared/schema/run.ts';

/** More differing fields make no label that is read at a glance; a variant's or a run's name does, where they differ. */
const MOST_FIELDS = 3;

type GroupSettings = RunGroup['settings'];

/** What each group is called: by the fields in which they differ; one group alone, or many fields, by name. */
export function labelGroups(summaries: readonly RunSummary[], settings: readonly GroupSettings[]): string[] {
  const fields = Object.keys(settings[0] ?? {}).filter((field) => !followsFromKind(field, settings));
  const names = summaries.map(({ name, variant }) => variant ?? name);
  if (fields.length === 0) return summaries.map(({ name }) => name);
  if (fields.length > MOST_FIELDS && new Set(names).size === names.length) return names;
  const shorts = shortNames(fields);
  return settings.map((one) => fields.map((field, i) => `${shorts[i]} ${shown(one[field])}`).join(', '));
}

function shown(value: SettingValue | undefined): string {
  return value === null || value === undefined ? 'none' : String(value);
}

/** Is it the same wherever its object is of the same kind, such as an optimizer's epsilon? The kind then says it all. */
function followsFromKind(field: string, settings: readonly GroupSettings[]): boolean {
  const kindField = field.replace(/[^.]+$/, 'kind');
  if (kindField === field) return false;
  const byKind = new Map<SettingValue, SettingValue>();
  return settings.every((one) => {
    const kind = one[kindField];
    const value = one[field] ?? null;
    if (kind === undefined) return false;
    if (!byKind.has(kind)) byKind.set(kind, value);
    return byKind.get(kind) === value;
  });
}

/** The ends of paths, as much of each as tells it from the others: "batchSize", "optimizer" for its kind. */
function shortNames(fields: readonly string[]): string[] {
  const steps = fields.map((field) => field.replace(/(.)\.kind$/, '$1').split('.'));
  return steps.map((path) => {
    for (let length = 1; length < path.length; length++) {
      const end = path.slice(-length);
      const isNumber = /^\d+$/.test(end[0]!);
      const others = steps.filter((other) => other.slice(-length).join('.') === end.join('.'));
      if (!isNumber && others.length === 1) return end.join('.');
    }
    return path.join('.');
  });
}
