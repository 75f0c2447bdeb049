import { experiment, type Experiment } from '../../../shared/schema/experiment.ts';
import { searchSpec, type SearchSpec } from '../../../shared/schema/search.ts';
import type {
  FoldResult,
  SearchPoint,
  StudyDetail,
  StudySummary,
  TrialSummary,
} from '../../../shared/schema/study.ts';
import { sampleExperiment } from './samples.ts';

/** A space with a parameter of each kind, five folds, and one objective. */
export const sampleSearch: SearchSpec = searchSpec.parse({
  parameters: [
    {
      kind: 'log-uniform',
      name: 'learning rate',
      paths: ['training.optimizer.learningRate'],
      minimum: 1e-4,
      maximum: 1e-2,
    },
    { kind: 'uniform', name: 'dropout', paths: ['model.layers.1.rate'], minimum: 0, maximum: 0.5 },
    { kind: 'integer', name: 'epochs', paths: ['training.epochs'], minimum: 10, maximum: 50 },
    { kind: 'choice', name: 'units', paths: ['model.layers.0.units'], values: [20, 50, 100] },
    {
      kind: 'choice',
      name: 'optimizer',
      paths: ['training.optimizer'],
      values: [
        { kind: 'sgd', learningRate: 0.001, momentum: 0.9 },
        { kind: 'adam', learningRate: 0.001 },
      ],
    },
  ],
  sampler: { kind: 'random', trials: 500 },
  folds: 5,
});

/** An experiment with a search. */
export function sampleSearchExperiment(search: SearchSpec = sampleSearch): Experiment {
  return experiment.parse({ ...sampleExperiment, name: 'Sample search', search });
}

/** A study's row with whatever a test wants to be different. */
export function sampleStudy(change: Partial<StudySummary> = {}): StudySummary {
  return {
    id: 's0000000001',
    name: 'Sample search',
    experimentId: 'sample-search',
    dataset: 'mnist',
    state: 'running',
    seed: 1,
    trialsPlanned: 500,
    trialsDone: 0,
    trialsPruned: 0,
    trialsFailed: 0,
    netsPlanned: 2_500,
    netsDone: 0,
    epochsDone: 0,
    bestTrial: null,
    bestValue: null,
    testOpenings: 0,
    createdAt: '2026-11-21T09:00:00.000Z',
    finishedAt: null,
    durationMs: 0,
    failure: null,
    deletedAt: null,
    ...change,
  };
}

export function sampleStudyDetail(summary: StudySummary = sampleStudy(), search = sampleSearch): StudyDetail {
  return { summary, experiment: sampleSearchExperiment(search), openings: [] };
}

/** A finished trial at a point, or one as far as a test wants it. */
export function sampleTrial(
  number: number,
  point: SearchPoint,
  value: number | null,
  change: Partial<TrialSummary> = {},
): TrialSummary {
  return {
    number,
    point,
    state: value === null ? 'running' : 'finished',
    values: [value],
    standardError: value === null ? null : 0.01,
    netsDone: value === null ? 2 : 5,
    netsPlanned: 5,
    epochs: 100,
    startedAtMs: 1_000 * number,
    endedAtMs: value === null ? null : 1_000 * number + 4_000,
    failure: null,
    ...change,
  };
}

/** Numbers in [0, 1) that come the same each time (the additive recurrence of the golden ratio's powers). */
function share(index: number, dimension: number): number {
  return (
    ((index + 1) *
      [0.618_033_988_7, 0.754_877_666_2, 0.569_840_291, 0.819_172_513_4, 0.682_327_803_8][dimension]!) %
    1
  );
}

/**
 * Trials spread over the space of `sampleSearch`. The learning rate matters most (the best is 10^-3), then dropout; now
 * and then one is pruned or fails.
 */
export function sampleTrials(count: number): TrialSummary[] {
  const units = [20, 50, 100];
  const optimizers = (sampleSearch.parameters[4] as { values: SearchPoint[string][] }).values;
  return Array.from({ length: count }, (_, i) => {
    const rate = 10 ** (-4 + 2 * share(i, 0));
    const dropout = 0.5 * share(i, 1);
    const point: SearchPoint = {
      'learning rate': rate,
      dropout,
      epochs: 10 + Math.floor(40 * share(i, 2)),
      units: units[Math.floor(3 * share(i, 3))]!,
      optimizer: optimizers[Math.floor(2 * share(i, 4))]!,
    };
    const value = 0.2 + 0.3 * (Math.log10(rate) + 3) ** 2 + 0.6 * (dropout - 0.2) ** 2 + 0.05 * share(i, 3);
    const failure = { code: 'run.diverged', message: 'The loss was not finite after epoch 3', details: {} };
    if (i % 41 === 40)
      return sampleTrial(i, point, null, { state: 'failed', failure, endedAtMs: 1_000 * i + 900 });
    if (i % 7 === 6) return sampleTrial(i, point, null, { state: 'pruned', endedAtMs: 1_000 * i + 1_500 });
    return sampleTrial(i, point, value);
  });
}

/** The nets of a trial: one per fold, whose curves end at the trial's value. */
export function sampleFolds(trial: TrialSummary, folds = 5): FoldResult[] {
  const end = trial.values[0] ?? 0.5;
  return Array.from({ length: folds }, (_, fold) => ({
    fold,
    repeat: 0,
    seed: 1,
    state: 'finished',
    epochs: 20,
    values: [end + 0.01 * (fold - 2)],
    curve: Array.from({ length: 20 }, (_, epoch): [number, number] => [
      epoch + 1,
      end + 0.01 * (fold - 2) + 0.8 * Math.exp(-epoch / 4),
    ]),
    durationMs: 800 + 40 * fold,
    failure: null,
  }));
}
