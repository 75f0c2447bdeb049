import type { GalleryEntry } from '../../shared/ipc/contract.ts';

/** Experiments that have run, under their group. */
export interface ReportChoices {
  readonly group: string;
  readonly entries: readonly { readonly id: string; readonly label: string }[];
}

type Entry = Pick<GalleryEntry, 'id' | 'experiment' | 'lastRun'>;

/** What figures can be made of: groups and entries by name, each with the report's own numbers in front. */
export function reportChoices(entries: readonly Entry[]): ReportChoices[] {
  const groups = new Map<string, { id: string; label: string }[]>();
  for (const { id, experiment, lastRun } of entries) {
    if (lastRun === null) continue;
    const ids = experiment.reference?.ids.join(', ');
    const label = ids === undefined ? experiment.name : `${ids}: ${experiment.name}`;
    groups.set(experiment.group, [...(groups.get(experiment.group) ?? []), { id, label }]);
  }
  const byText = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
  return [...groups]
    .sort(([a], [b]) => byText(a, b))
    .map(([group, found]) => ({ group, entries: found.sort((a, b) => byText(a.label, b.label)) }));
}
