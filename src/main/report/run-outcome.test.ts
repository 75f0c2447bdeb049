import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import { runOutcome } from '../../shared/schema/report.ts';
import type { RunDetail } from '../../shared/schema/run.ts';
import { toOutcome } from './run-outcome.ts';

function curve(split: MetricSeries['split'], metric: string, values: (number | null)[]): MetricSeries {
  const epochs = values.map((_, i) => i + 1);
  return { split, metric, epochs, steps: epochs.map((epoch) => 10 * epoch), values };
}

function detail(series: MetricSeries[]): RunDetail {
  const summary = { id: 'run0000001', seed: 1, createdAt: 'now', durationMs: 5, epochsDone: 3 };
  const experiment = { data: { dataset: 'circles' } };
  return { summary, provenance: null, series, experiment } as unknown as RunDetail;
}

const counts = { trainExamples: 10, testExamples: 5, name: 'not stored' };

describe('what a run came to', () => {
  it('is the value of each curve at the epoch it ended with and those of the best dev accuracy', () => {
    const outcome = toOutcome(
      detail([curve('dev', 'accuracy', [0.5, 0.9, 0.7]), curve('test', 'accuracy', [0.4, 0.8, 0.85])]),
      counts,
      3,
    );
    expect(outcome.end).toContainEqual({ split: 'test', metric: 'accuracy', value: 0.85 });
    expect(outcome.bestDev).toEqual({
      epoch: 2,
      values: [
        { split: 'dev', metric: 'accuracy', value: 0.9 },
        { split: 'test', metric: 'accuracy', value: 0.8 },
      ],
    });
  });

  it('ends with the epoch that early stopping went back to, and with the last point of a lab', () => {
    const outcome = toOutcome(detail([curve('test', 'accuracy', [0.4, 0.8, 0.85])]), counts, 2);
    expect(outcome.end).toEqual([{ split: 'test', metric: 'accuracy', value: 0.8 }]);
    const lab: MetricSeries = {
      split: 'train',
      metric: 'mean',
      epochs: [1, 1, 1],
      steps: [1, 2, 3],
      values: [5, 4, 3],
    };
    expect(toOutcome(detail([lab]), counts, 1).end[0]?.value).toBe(3);
  });

  it('takes the lowest dev loss where there is no accuracy, past what was not finite', () => {
    const outcome = toOutcome(detail([curve('dev', 'loss', [null, 2, 3])]), counts, 3);
    expect(outcome.bestDev?.epoch).toBe(2);
  });

  it('is what the contract takes, whatever else is known of the data', () => {
    const outcome = toOutcome(detail([curve('test', 'loss', [1])]), counts, 1);
    expect(runOutcome.parse(outcome)).toEqual(outcome);
  });

  it('has no best epoch without dev', () => {
    expect(toOutcome(detail([curve('test', 'loss', [1])]), counts, 1).bestDev).toBeNull();
  });
});
