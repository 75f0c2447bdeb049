import { resolveVariant, variantIds } from '../../shared/experiment/resolve-variant.ts';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { ExperimentOutcomes, OutcomeValue } from '../../shared/schema/report.ts';
import type { VariantMetric, VariantResults } from '../../shared/schema/results.ts';
import type { RunId, RunSummary } from '../../shared/schema/run.ts';
import { datasetInfo } from '../data/index.ts';
import { meanOf, sampleDeviation } from '../metrics/spread.ts';
import { writeExperimentTable, type ReportedExperiment } from '../report/experiment-table.ts';
import type { ExperimentFiles } from './experiment-files.ts';
import { experimentSha256 } from './experiment-hash.ts';
import { mergeOutcomes, readOutcomes, type GalleryExperiment } from './experiment-outcomes.ts';
import { startRun, type RunStarterSurroundings } from './run-starter.ts';

/** The calls about an experiment's runs over seeds and variants. */
export type ExperimentRunCalls = Pick<
  StudioHandlers,
  'experiments.start' | 'experiments.results' | 'experiments.report'
>;

type StartParams = Parameters<ExperimentRunCalls['experiments.start']>[0];

export function createExperimentRunCalls(
  surroundings: RunStarterSurroundings,
  files: ExperimentFiles,
): ExperimentRunCalls {
  return {
    'experiments.start': (params) => ({ runIds: startAll(surroundings, files.get(params.id), params) }),
    'experiments.results': ({ id }) => {
      const experiment = files.get(id);
      return toResults(experiment, outcomesOf(surroundings, { id, experiment }));
    },
    'experiments.report': ({ kept }) => writeReport(surroundings, files, kept),
  };
}

function outcomesOf(
  { store, datasetDirectory }: RunStarterSurroundings,
  experiment: GalleryExperiment,
): ExperimentOutcomes {
  return readOutcomes(experiment, store, datasetDirectory);
}

function writeReport(
  surroundings: RunStarterSurroundings,
  files: ExperimentFiles,
  kept: readonly ExperimentOutcomes[],
): { markdown: string; outcomes: ExperimentOutcomes[] } {
  const reported = files
    .list()
    .filter((file) => file.experiment !== null && file.experiment.reference !== null)
    .map((file): ReportedExperiment => {
      const found = { id: file.id, experiment: file.experiment! };
      const { name, available } = datasetInfo(found.experiment.data, surroundings.datasetDirectory);
      const stored = kept.find((outcomes) => outcomes.id === file.id);
      const outcomes = mergeOutcomes(outcomesOf(surroundings, found), stored);
      return { ...found, datasetName: name, available, outcomes };
    });
  return {
    markdown: writeExperimentTable(reported),
    outcomes: reported
      .map(({ outcomes }) => outcomes)
      .filter(({ variants, search }) => search !== null || variants.some(({ runs }) => runs.length > 0)),
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

function toResults(whole: Experiment, outcomes: ExperimentOutcomes): VariantResults[] {
  return outcomes.variants
    .filter(({ runs }) => runs.length > 0)
    .map(({ variant, runs }) => ({
      variant,
      name: whole.variants.find((candidate) => candidate.id === variant)?.name ?? whole.name,
      runIds: runs.map((run) => run.runId),
      seeds: runs.map((run) => run.seed),
      durationMs: runs.reduce((sum, run) => sum + run.durationMs, 0),
      metrics: collectMetrics(runs.map((run) => run.end)),
      bestDevMetrics: collectMetrics(runs.map((run) => run.bestDev?.values ?? [])),
    }));
}

function collectMetrics(measured: readonly (readonly OutcomeValue[])[]): VariantMetric[] {
  const curves = new Map(
    measured.flat().map(({ split, metric }) => [`${split}/${metric}`, { split, metric }]),
  );
  return [...curves.values()].map(({ split, metric }) => {
    const values = measured.map(
      (ofRun) => ofRun.find((value) => value.split === split && value.metric === metric)?.value ?? null,
    );
    const numbers = values.filter((value) => value !== null);
    return {
      split,
      metric,
      values,
      mean: meanOf(numbers),
      standardDeviation: sampleDeviation(numbers),
      count: numbers.length,
    };
  });
}
