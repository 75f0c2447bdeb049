import { trialState, type SearchPoint, type TrialSummary } from '../schema/study.ts';
import type { PointColumn, TrialTable } from '../schema/trial-table.ts';

type PointValue = SearchPoint[string];

function numbersOf(
  trials: readonly TrialSummary[],
  pick: (trial: TrialSummary) => number | null | undefined,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(trials, (trial) => pick(trial) ?? Number.NaN);
}

function packParameter(trials: readonly TrialSummary[], name: string): PointColumn {
  const valueOf = ({ point }: TrialSummary): PointValue | undefined =>
    Object.hasOwn(point, name) ? point[name] : undefined;
  if (trials.every((trial) => ['number', 'undefined'].includes(typeof valueOf(trial)))) {
    return {
      kind: 'numbers',
      name,
      values: numbersOf(trials, (trial) => valueOf(trial) as number | undefined),
    };
  }
  const known = new Map<string, number>();
  const different: PointValue[] = [];
  const places = Int32Array.from(trials, (trial) => {
    const value = valueOf(trial);
    if (value === undefined) return -1;
    const text = JSON.stringify(value);
    const place = known.get(text) ?? known.size;
    if (place === known.size) {
      known.set(text, place);
      different.push(value);
    }
    return place;
  });
  return { kind: 'choices', name, different, places };
}

/** Trials by column. */
export function packTrials(trials: readonly TrialSummary[]): TrialTable {
  const names = new Set(trials.flatMap(({ point }) => Object.keys(point)));
  const objectives = trials.reduce((most, { values }) => Math.max(most, values.length), 0);
  return {
    numbers: Int32Array.from(trials, ({ number }) => number),
    states: Uint8Array.from(trials, ({ state }) => trialState.options.indexOf(state)),
    points: Array.from(names, (name) => packParameter(trials, name)),
    values: Array.from({ length: objectives }, (_, place) =>
      numbersOf(trials, ({ values }) => values[place]),
    ),
    valueCounts: Uint8Array.from(trials, ({ values }) => values.length),
    standardErrors: numbersOf(trials, ({ standardError }) => standardError),
    netsDone: Int32Array.from(trials, ({ netsDone }) => netsDone),
    netsPlanned: Int32Array.from(trials, ({ netsPlanned }) => netsPlanned),
    epochs: numbersOf(trials, ({ epochs }) => epochs),
    startedAtMs: numbersOf(trials, ({ startedAtMs }) => startedAtMs),
    endedAtMs: numbersOf(trials, ({ endedAtMs }) => endedAtMs),
    failures: trials.flatMap(({ failure }, row) => (failure === null ? [] : [{ row, failure }])),
  };
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function unpackPoint(points: readonly PointColumn[], row: number): SearchPoint {
  const entries: [string, PointValue][] = [];
  for (const column of points) {
    if (column.kind === 'numbers') {
      const value = column.values[row]!;
      if (!Number.isNaN(value)) entries.push([column.name, value]);
    } else {
      const place = column.places[row]!;
      if (place >= 0) entries.push([column.name, column.different[place]!]);
    }
  }
  // Entries, not assignment: a parameter "__proto__" stays one.
  return Object.fromEntries(entries);
}

/** The trials of a table, equal to those it was made of; choices share their values. */
export function unpackTrials(table: TrialTable): TrialSummary[] {
  const failures = new Map(table.failures.map(({ row, failure }) => [row, failure]));
  return Array.from(table.numbers, (number, row) => ({
    number,
    point: unpackPoint(table.points, row),
    state: trialState.options[table.states[row]!]!,
    values: table.values.slice(0, table.valueCounts[row]).map((column) => numberOrNull(column[row]!)),
    standardError: numberOrNull(table.standardErrors[row]!),
    netsDone: table.netsDone[row]!,
    netsPlanned: table.netsPlanned[row]!,
    epochs: table.epochs[row]!,
    startedAtMs: numberOrNull(table.startedAtMs[row]!),
    endedAtMs: numberOrNull(table.endedAtMs[row]!),
    failure: failures.get(row) ?? null,
  }));
}
