import type { TableSpec } from '../../../shared/schema/figure.ts';
import type { MetricSeries } from '../../../shared/schema/metric.ts';
import type { RunEpoch } from '../../../shared/schema/run.ts';
import { formatDuration, formatMetric, metricLabel } from '../../text/format.ts';
import { epochColumns } from '../run/epoch-rows.ts';

/** Every epoch of a run with all that was measured. */
export function epochsTable(epochs: readonly RunEpoch[], series: readonly MetricSeries[]): TableSpec {
  const columns = epochColumns(series);
  return {
    title: 'Epochs',
    runIds: [],
    columns: [
      { title: 'Epoch', align: 'right' },
      ...columns.map(({ split, metric }) => ({
        title: `${metricLabel(metric)} on ${split}`,
        align: 'right' as const,
      })),
      { title: 'Time', align: 'right' },
    ],
    rows: epochs.map(({ epoch, durationMs }) => [
      String(epoch),
      ...columns.map(({ metric, values }) => {
        const value = values.get(epoch) ?? null;
        return value === null ? null : formatMetric(metric, value);
      }),
      formatDuration(durationMs),
    ]),
  };
}
