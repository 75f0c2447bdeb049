import type { SplitName } from '../../shared/schema/dataset.ts';
import { experiment, type Experiment } from '../../shared/schema/experiment.ts';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import { runProvenance, type RunId, type RunProvenance, type RunSummary } from '../../shared/schema/run.ts';
import type { Connection } from './connection.ts';
import { toSummary, type RunRow } from './run-row.ts';
import { unknownRun } from './run-state.ts';

/** Names a curve of a run. */
export interface CurveName {
  readonly split: SplitName;
  readonly metric: string;
}

/** A run among others: what it is, without its curves, model and log. */
export interface RunRecord {
  readonly summary: RunSummary;
  /** Shared by the runs of one experiment: not to be changed. */
  readonly experiment: Experiment;
  readonly provenance: RunProvenance | null;
  /** The last epoch marked best; null for none. */
  readonly bestEpoch: number | null;
}

/** What a curve holds at a moment. */
export interface CurveValue extends CurveName {
  readonly value: number | null;
}

/** When the epochs of a run ended; parallel arrays. */
export interface EpochTimes {
  readonly steps: number[];
  readonly durationsMs: number[];
}

type RecordRow = RunRow & {
  readonly experiment: string;
  readonly provenance: string | null;
  readonly best_epoch: number | null;
};

const RECORDS = `SELECT run.*, definition.experiment, definition.provenance,
    (SELECT max(epoch) FROM epoch WHERE run_number = run.number AND best = 1) AS best_epoch
  FROM json_each(?) AS asked JOIN run ON run.id = asked.value
    JOIN run_definition AS definition ON definition.run_number = run.number
  ORDER BY asked.key`;

/** Experiments are parsed once for all of their seeds and for a few comparisons of the same runs. */
const MOST_PARSED = 1_000;
const parsedExperiments = new Map<string, Experiment>();

function parseExperiment(text: string): Experiment {
  const made = parsedExperiments.get(text) ?? experiment.parse(JSON.parse(text));
  // Set again, so that the one not asked for longest is the first.
  parsedExperiments.delete(text);
  parsedExperiments.set(text, made);
  for (const oldest of parsedExperiments.keys()) {
    if (parsedExperiments.size <= MOST_PARSED) break;
    parsedExperiments.delete(oldest);
  }
  return made;
}

/** Records in the order of the ids; the caller holds the snapshot. */
export function readRecords(connection: Connection, ids: readonly RunId[]): RunRecord[] {
  const rows = connection.all<RecordRow>(RECORDS, [JSON.stringify(ids)]);
  refuseUnknown(ids, rows);
  return rows.map((row) => ({
    summary: toSummary(row),
    experiment: parseExperiment(row.experiment),
    provenance: row.provenance === null ? null : runProvenance.parse(JSON.parse(row.provenance)),
    bestEpoch: row.best_epoch,
  }));
}

function refuseUnknown(ids: readonly RunId[], rows: readonly { readonly id: string }[]): void {
  if (rows.length === ids.length) return;
  const known = new Set(rows.map((row) => row.id));
  throw unknownRun(ids.find((id) => !known.has(id)) ?? '');
}

/** The table's key of each run, in the order of the ids. */
export function readNumbers(connection: Connection, ids: readonly RunId[]): number[] {
  const rows = connection.all<{ id: string; number: number }>(
    `SELECT run.id, run.number FROM json_each(?) AS asked JOIN run ON run.id = asked.value ORDER BY asked.key`,
    [JSON.stringify(ids)],
  );
  refuseUnknown(ids, rows);
  return rows.map((row) => row.number);
}

interface PointRow {
  readonly epoch: number;
  readonly step: number;
  readonly value: number | null;
}

/** One curve of a run; undefined where it has none of that name. */
export function readCurve(
  connection: Connection,
  runNumber: number,
  { split, metric }: CurveName,
): MetricSeries | undefined {
  const rows = connection.all<PointRow>(
    'SELECT epoch, step, value FROM metric WHERE run_number = ? AND split = ? AND metric = ? ORDER BY step',
    [runNumber, split, metric],
  );
  if (rows.length === 0) return undefined;
  return {
    split,
    metric,
    epochs: rows.map((row) => row.epoch),
    steps: rows.map((row) => row.step),
    values: rows.map((row) => row.value),
  };
}

export function readEpochTimes(connection: Connection, runNumber: number): EpochTimes {
  const rows = connection.all<{ step: number; duration_ms: number }>(
    'SELECT step, duration_ms FROM epoch WHERE run_number = ? ORDER BY epoch',
    [runNumber],
  );
  return { steps: rows.map((row) => row.step), durationsMs: rows.map((row) => row.duration_ms) };
}

interface LastRow extends CurveValue {
  readonly epoch: number;
}

/** The last point of the curve before (`split`, `metric`) in order; from its end the key leads there in one step. */
const LAST_OF_CURVE_BEFORE = `SELECT split, metric, epoch, value FROM metric
  WHERE run_number = ? AND (split, metric) < (?, ?) ORDER BY split DESC, metric DESC, step DESC LIMIT 1`;
const LAST_UNTIL_EPOCH = `SELECT value FROM metric WHERE run_number = ? AND split = ? AND metric = ? AND epoch <= ?
  ORDER BY step DESC LIMIT 1`;
/** After every split's name. */
const AFTER_ALL = '\u{10FFFF}';

/** The last value of each curve of a run at or before an epoch, curves in order; without reading the curves. */
export function readValues(connection: Connection, runNumber: number, epoch: number): CurveValue[] {
  const values: CurveValue[] = [];
  let last: LastRow | undefined;
  for (;;) {
    const before = [runNumber, last?.split ?? AFTER_ALL, last?.metric ?? ''];
    last = connection.first<LastRow>(LAST_OF_CURVE_BEFORE, before);
    if (last === undefined) return values.reverse();
    const { split, metric, value } = last;
    const at = last.epoch <= epoch ? { value } : readUntil(connection, runNumber, last, epoch);
    if (at !== undefined) values.push({ split, metric, value: at.value });
  }
}

function readUntil(
  connection: Connection,
  runNumber: number,
  { split, metric }: CurveName,
  epoch: number,
): { value: number | null } | undefined {
  return connection.first(LAST_UNTIL_EPOCH, [runNumber, split, metric, epoch]);
}
