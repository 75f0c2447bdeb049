import type { MetricSeries } from '../../shared/schema/metric.ts';
import type { OutcomeValue, RunOutcome } from '../../shared/schema/report.ts';
import type { RunDetail } from '../../shared/schema/run.ts';

/** How many examples the run's dataset has, as far as it is known. */
export interface DataCounts {
  readonly trainExamples: number;
  readonly testExamples: number;
}

/** What an outcome is made of. */
export type FinishedRun = Pick<RunDetail, 'summary' | 'experiment' | 'provenance' | 'series'>;

/**
 * What a finished run came to.
 * @param finalEpoch the epoch whose weights it ended with, which early stopping may have put back
 */
export function toOutcome(
  run: FinishedRun,
  { trainExamples, testExamples }: DataCounts,
  finalEpoch: number,
): RunOutcome {
  const { summary, provenance, series, experiment } = run;
  return {
    runId: summary.id,
    seed: summary.seed,
    createdAt: summary.createdAt,
    durationMs: summary.durationMs,
    epochs: summary.epochsDone,
    engine: provenance?.engine ?? null,
    appVersion: provenance?.appVersion ?? null,
    data: {
      dataset: experiment.data.dataset,
      trainExamples,
      testExamples,
      sha256: provenance?.dataSha256 ?? null,
    },
    end: valuesAt(series, finalEpoch),
    bestDev: findBestDev(series),
  };
}

function findBestDev(series: readonly MetricSeries[]): RunOutcome['bestDev'] {
  const epoch = bestDevEpoch(series);
  return epoch === null ? null : { epoch, values: valuesAt(series, epoch) };
}

/**
 * The epoch with the highest dev accuracy, else the lowest dev loss; the first of equals. Null without dev, and where
 * the net was best before training.
 */
export function bestDevEpoch(series: readonly MetricSeries[]): number | null {
  const dev = (metric: string): MetricSeries | undefined =>
    series.find((curve) => curve.split === 'dev' && curve.metric === metric);
  const accuracy = dev('accuracy');
  const curve = accuracy ?? dev('loss');
  if (curve === undefined) return null;
  const sign = accuracy === undefined ? -1 : 1;
  const scores = curve.values.map((value) => (value === null ? -Infinity : sign * value));
  const best = curve.epochs[scores.indexOf(Math.max(...scores))];
  return best === undefined || best === 0 ? null : best;
}

/** The last value that each curve has at an epoch; curves without one are left out. */
function valuesAt(series: readonly MetricSeries[], epoch: number): OutcomeValue[] {
  return series.flatMap(({ split, metric, epochs, values }) => {
    const index = epochs.lastIndexOf(epoch);
    return index < 0 ? [] : [{ split, metric, value: values[index] ?? null }];
  });
}
