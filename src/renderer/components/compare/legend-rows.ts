import type { ComparedRun, RunGroup } from '../../../shared/schema/comparison.ts';
import { runTitle } from '../../state/compare-axes.ts';

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
  return runs.map(({ summary }) => ({
    key: summary.id,
    label: runTitle(summary),
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
