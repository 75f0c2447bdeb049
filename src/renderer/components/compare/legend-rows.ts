import type { ComparedRun, RunGroup } from '../../../shared/schema/comparison.ts';
import { shortTitles } from '../../state/run-titles.ts';

/** A line of the legend. */
export interface LegendRow {
  /** As its curves have it: a run's id or a group's label. */
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  /** Null for a group. */
  readonly runId: string | null;
  /** Such as how many runs a group has. */
  readonly note: string;
}

/** A line per run. */
export function runRows(runs: readonly ComparedRun[], colourOf: (runId: string) => string): LegendRow[] {
  const titles = shortTitles(runs.map(({ summary }) => summary));
  return runs.map(({ summary }) => ({
    key: summary.id,
    label: titles.get(summary.id) ?? summary.name,
    colour: colourOf(summary.id),
    runId: summary.id,
    note: summary.state === 'finished' ? '' : summary.state,
  }));
}

/** A line per group. */
export function groupRows(groups: readonly RunGroup[], colourOf: (group: RunGroup) => string): LegendRow[] {
  return groups.map((group) => ({
    key: group.label,
    label: group.label,
    colour: colourOf(group),
    runId: null,
    note: `n = ${group.runIds.length}`,
  }));
}
