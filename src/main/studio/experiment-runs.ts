import { resolveVariant, variantIds } from '../../shared/experiment/resolve-variant.ts';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { VariantMetric, VariantResults } from '../../shared/schema/results.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { RunId, RunSummary } from '../../shared/schema/run.ts';
import { meanOf, sampleDeviation } from '../metrics/spread.ts';
import type { RunStore } from '../store/run-store.ts';
import type { ExperimentFiles } from './experiment-files.ts';
import { experimentSha256 } from './experiment-hash.ts';
import { startRun, type RunStarterSurroundings } from './run-starter.ts';

/** The calls about an experiment's runs over seeds and variants. */
export type ExperimentRunCalls = Pick<StudioHandlers, 'experiments.start' | 'experiments.results'>;

type StartParams = Parameters<ExperimentRunCalls['experiments.start']>[0];

export function createExperimentRunCalls(
  surroundings: RunStarterSurroundings,
  files: ExperimentFiles,
): ExperimentRunCalls {
  return {
    'experiments.start': (params) => ({ runIds: startAll(surroundings, files.get(params.id), params) }),
    'experiments.results': ({ id }) => groupByVariant(files.get(id), id, surroundings.store.runs),
  };
}

/** One run of the plan: which variant, with which seed. */
interface PlannedRun {
  readonly variant: string | null;
  readonly experiment: Experiment;
  readonly seed: number;
}

/** Seed by seed, so that each variant has a first number early. */
function planRuns(whole: Experiment, params: StartParams): PlannedRun[] {
  const variants = (params.variants ?? variantIds(whole)).map((variant) => ({
    variant,
    experiment: resolveVariant(whole, variant),
  }));
  const repeats = params.repeats ?? whole.repeats;
  return Array.from({ length: repeats }, (_, i) => params.seed + i).flatMap((seed) =>
    variants.map((planned) => ({ ...planned, seed })),
  );
}

function startAll(surroundings: RunStarterSurroundings, whole: Experiment, params: StartParams): RunId[] {
  const planned = planRuns(whole, params);
  const known = surroundings.store.runs.runsOfExperiment(params.id);
  const missing = params.again ? planned : planned.filter((run) => !isDone(run, known));
  return missing.map((run) =>
    startRun(surroundings, {
      ...run,
      engine: params.engine,
      threads: params.threads,
      experimentId: params.id,
    }),
  );
}

/** Has the very same run finished, or is it on its way? */
function isDone({ variant, experiment, seed }: PlannedRun, known: readonly RunSummary[]): boolean {
  const sha256 = experimentSha256(experiment);
  return known.some(
    (run) =>
      run.variant === variant &&
      run.seed === seed &&
      run.experimentSha256 === sha256 &&
      ['finished', 'running', 'queued', 'paused'].includes(run.state),
  );
}

function groupByVariant(whole: Experiment, id: string, runs: RunStore): VariantResults[] {
  const finished = runs.runsOfExperiment(id).filter((run) => run.state === 'finished');
  return variantIds(whole).flatMap((variant) => {
    const sha256 = experimentSha256(resolveVariant(whole, variant));
    // A variant that was changed since is another one.
    const group = finished.filter((run) => run.variant === variant && run.experimentSha256 === sha256);
    return group.length === 0 ? [] : [toResults(whole, variant, newestBySeed(group), runs)];
  });
}

/** One run per seed: the one made last. */
function newestBySeed(group: readonly RunSummary[]): RunSummary[] {
  const bySeed = new Map<number, RunSummary>();
  for (const run of group) {
    const known = bySeed.get(run.seed);
    if (known === undefined || run.createdAt > known.createdAt) bySeed.set(run.seed, run);
  }
  return [...bySeed.values()];
}

function toResults(
  whole: Experiment,
  variant: string | null,
  group: readonly RunSummary[],
  runs: RunStore,
): VariantResults {
  const points = group.map((run) => runs.lastPoints(run.id));
  return {
    variant,
    name: whole.variants.find((candidate) => candidate.id === variant)?.name ?? whole.name,
    runIds: group.map((run) => run.id),
    seeds: group.map((run) => run.seed),
    durationMs: group.reduce((sum, run) => sum + run.durationMs, 0),
    metrics: collectMetrics(points),
  };
}

function collectMetrics(points: readonly (readonly MetricPoint[])[]): VariantMetric[] {
  const curves = new Map(points.flat().map(({ split, metric }) => [`${split}/${metric}`, { split, metric }]));
  return [...curves.values()].map(({ split, metric }) => {
    const values = points.map(
      (ofRun) => ofRun.find((point) => point.split === split && point.metric === metric)?.value ?? null,
    );
    const measured = values.filter((value) => value !== null);
    return {
      split,
      metric,
      values,
      mean: meanOf(measured),
      standardDeviation: sampleDeviation(measured),
      count: measured.length,
    };
  });
}
