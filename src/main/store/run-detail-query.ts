import { artifact } from '../../shared/schema/artifact.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import type { MetricPoint, MetricSeries } from '../../shared/schema/metric.ts';
import { modelSummary } from '../../shared/schema/model.ts';
import { runProvenance, type LogLine, type RunDetail, type RunEpoch } from '../../shared/schema/run.ts';
import type { Connection } from './connection.ts';
import { toSummary, type RunRow } from './run-row.ts';

interface DefinitionRow {
  readonly experiment: string;
  readonly model: string;
  readonly provenance: string | null;
  readonly preprocessing: string | null;
}

/** Everything stored of one run, read on one snapshot. */
export function readDetail(connection: Connection, row: RunRow): RunDetail {
  const definition = connection.first<DefinitionRow>(
    'SELECT experiment, model, provenance, preprocessing FROM run_definition WHERE run_number = ?',
    [row.number],
  );
  const {
    experiment: experimentText = '',
    model = '',
    provenance = null,
    preprocessing = null,
  } = definition ?? {};
  return {
    summary: toSummary(row),
    experiment: experiment.parse(JSON.parse(experimentText)),
    model: modelSummary.parse(JSON.parse(model)),
    provenance: provenance === null ? null : runProvenance.parse(JSON.parse(provenance)),
    preprocessing: preprocessing === null ? null : artifact.parse(JSON.parse(preprocessing)),
    series: toSeries(readPoints(connection, row.number)),
    epochs: readEpochs(connection, row.number),
    log: readLog(connection, row.number),
  };
}

/** All points of a run, in order of split, metric and step. */
export function readPoints(connection: Connection, runNumber: number): MetricPoint[] {
  return connection.all<MetricPoint>(
    'SELECT split, metric, epoch, step, value FROM metric WHERE run_number = ? ORDER BY split, metric, step',
    [runNumber],
  );
}

function readEpochs(connection: Connection, runNumber: number): RunEpoch[] {
  const rows = connection.all<EpochRow>('SELECT * FROM epoch WHERE run_number = ? ORDER BY epoch', [
    runNumber,
  ]);
  return rows.map((row) => ({
    epoch: row.epoch,
    step: row.step,
    durationMs: row.duration_ms,
    examplesPerSecond: row.examples_per_second,
    checkpoint: row.checkpoint === null ? null : artifact.parse(JSON.parse(row.checkpoint)),
    best: row.best === 1,
  }));
}

interface EpochRow {
  readonly epoch: number;
  readonly step: number;
  readonly duration_ms: number;
  readonly examples_per_second: number;
  readonly checkpoint: string | null;
  readonly best: number;
}

function readLog(connection: Connection, runNumber: number): LogLine[] {
  return connection.all<LogLine>(
    'SELECT at, level, text FROM log_line WHERE run_number = ? ORDER BY number',
    [runNumber],
  );
}

/** Groups points into curves; curves in order of split and metric, points in order of step. */
export function toSeries(points: readonly MetricPoint[]): MetricSeries[] {
  const series = new Map<string, MetricSeries>();
  for (const point of points) {
    const key = `${point.split}/${point.metric}`;
    const curve = series.get(key) ?? {
      split: point.split,
      metric: point.metric,
      epochs: [],
      steps: [],
      values: [],
    };
    curve.epochs.push(point.epoch);
    curve.steps.push(point.step);
    curve.values.push(point.value);
    series.set(key, curve);
  }
  return [...series.values()];
}
