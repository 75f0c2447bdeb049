import type { MetricPoint } from '../../shared/schema/metric.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import type { Connection } from './connection.ts';
import { updateHeadline } from './headline.ts';
import { toHeadline, type RunRow } from './run-row.ts';
import type { EpochRecord } from './run-store.ts';
import { extendByPoints, sparklineSplit, sparklineState } from './sparkline.ts';

/** Stores an epoch with its points, headline and sparkline; the caller holds the transaction. */
export function writeEpoch(connection: Connection, row: RunRow, record: EpochRecord): void {
  const { epoch } = record;
  connection.run(
    `INSERT INTO epoch (run_number, epoch, step, duration_ms, examples_per_second, checkpoint, best)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      row.number,
      epoch.epoch,
      epoch.step,
      epoch.durationMs,
      epoch.examplesPerSecond,
      epoch.checkpoint === null ? null : JSON.stringify(epoch.checkpoint),
      epoch.best ? 1 : 0,
    ],
  );
  writePoints(connection, row, epoch.epoch, record.points);
  connection.run(
    'UPDATE run SET epochs_done = ?, duration_ms = ?, examples_per_second = ?, sparkline = ? WHERE number = ?',
    [
      epoch.epoch,
      record.durationMs,
      epoch.examplesPerSecond,
      nextSparkline(connection, row, record.points),
      row.number,
    ],
  );
}

/** Stores points and the headline they make; a point measured again at the same step replaces the first. */
export function writePoints(
  connection: Connection,
  row: RunRow,
  epoch: number,
  points: readonly MetricPoint[],
): void {
  for (const point of points) {
    connection.run(
      `INSERT OR REPLACE INTO metric (run_number, split, metric, step, epoch, value) VALUES (?, ?, ?, ?, ?, ?)`,
      [row.number, point.split, point.metric, point.step, point.epoch, point.value],
    );
  }
  const headline = updateHeadline(toHeadline(row), epoch, points);
  connection.run(
    `UPDATE run SET train_loss = ?, dev_loss = ?, test_loss = ?, train_accuracy = ?, dev_accuracy = ?,
       test_accuracy = ?, train_error = ?, dev_error = ?, test_error = ? WHERE number = ?`,
    [
      headline.trainLoss,
      headline.devLoss,
      headline.testLoss,
      headline.trainAccuracy,
      headline.devAccuracy,
      headline.testAccuracy,
      headline.trainError,
      headline.devError,
      headline.testError,
      row.number,
    ],
  );
}

function nextSparkline(connection: Connection, row: RunRow, points: readonly MetricPoint[]): string {
  const definition = connection.first<{ experiment: string }>(
    'SELECT experiment FROM run_definition WHERE run_number = ?',
    [row.number],
  );
  const split = sparklineSplit(experiment.parse(JSON.parse(definition?.experiment ?? 'null')));
  const state = sparklineState.parse(JSON.parse(row.sparkline));
  return JSON.stringify(extendByPoints(state, split, points));
}
