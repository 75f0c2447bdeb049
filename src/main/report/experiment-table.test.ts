import { describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import type { ExperimentOutcomes, RunOutcome } from '../../shared/schema/report.ts';
import { writeExperimentTable, type ReportedExperiment } from './experiment-table.ts';

function outcome(runId: string, seed: number, accuracy: number, best: number): RunOutcome {
  return {
    runId,
    seed,
    createdAt: '2026-11-21T00:00:00.000Z',
    durationMs: 90_000,
    epochs: 20,
    engine: null,
    appVersion: '0.1.0',
    data: { dataset: 'circles', trainExamples: 1000, testExamples: 200, sha256: null },
    end: [{ split: 'test', metric: 'accuracy', value: accuracy }],
    bestDev: { epoch: 7, values: [{ split: 'test', metric: 'accuracy', value: best }] },
  };
}

function reported(runs: readonly RunOutcome[], available = true): ReportedExperiment {
  const whole = experiment.parse({
    schemaVersion: 1,
    name: 'Circles',
    group: 'J. Circles',
    data: { dataset: 'circles' },
    model: { layers: [{ kind: 'dense', units: 2 }] },
    variants: [{ id: 'plain', name: 'plain | simple', set: {} }],
    reference: {
      ids: ['J'],
      report: 5,
      published: [
        {
          label: 'test accuracy',
          variant: 'plain',
          split: 'test',
          metric: 'accuracy',
          value: 0.94,
          note: 'A note.',
        },
      ],
    },
  });
  const variants = [{ variant: 'plain', experimentSha256: 'a', runs: [...runs] }];
  return {
    id: 'j-circles',
    experiment: whole,
    datasetName: 'Two circles',
    available,
    outcomes: { id: 'j-circles', name: 'Circles', variants, search: null },
  };
}

describe('the result table', () => {
  it('sets mean and spread over seeds beside what was published', () => {
    const text = writeExperimentTable([
      reported([outcome('run1', 1, 0.9, 0.95), outcome('run2', 2, 0.94, 0.97)]),
    ]);
    // Of 90 % and 94 % the mean is 92 and the sample deviation 4 / sqrt(2).
    expect(text).toContain(
      '| test accuracy, plain \\| simple | 94.00 % | 92.00 % ± 2.83 % (n = 2) | 96.00 % ± 1.41 % (n = 2) | A note. |',
    );
    expect(text).toContain('Data: Two circles, 1,000 + 200 examples. 2 runs in 3.0 min of training');
    expect(text).toContain('Runs: run1, run2.');
  });

  it('says why a row has no number', () => {
    expect(writeExperimentTable([reported([])])).toContain('Not run yet.');
    expect(writeExperimentTable([reported([], false)])).toContain('Two circles is not on this machine');
    expect(writeExperimentTable([reported([])])).toContain('| not run | not run |');
  });

  it('leaves out what belongs to no report', () => {
    const own = reported([]);
    const text = writeExperimentTable([{ ...own, experiment: { ...own.experiment, reference: null } }]);
    expect(text).not.toContain('Circles');
  });

  it('says how far a search came and which point won', () => {
    const one = reported([outcome('run1', 1, 0.9, 0.95)]);
    const search: ExperimentOutcomes['search'] = {
      studyId: 's0000000001',
      seed: 1,
      createdAt: '2026-11-21T00:00:00.000Z',
      durationMs: 150_000,
      trialsPlanned: 324,
      trialsDone: 60,
      trialsPruned: 5,
      netsDone: 65,
      objective: { metric: 'accuracy', direction: 'maximise', at: 'last' },
      best: {
        trial: 7,
        value: 0.87,
        point: { 'batch size': 16, optimizer: { kind: 'adam' }, rate: 0.000123456 },
      },
    };
    const text = writeExperimentTable([{ ...one, outcomes: { ...one.outcomes, search } }]);
    expect(text).toContain(
      'Search s0000000001: 60 trials finished and 5 pruned of 324, 65 nets in 2.5 min. Best dev accuracy 87.00 %, ' +
        'trial 7: batch size 16, optimizer adam, rate 0.0001235.',
    );
    expect(text).toContain(' examples. 1 run in ');
  });
});
