import { resolveVariant, variantIds } from '../../shared/experiment/resolve-variant.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { ExperimentOutcomes, RunOutcome, SearchOutcome } from '../../shared/schema/report.ts';
import type { RunId, RunSummary } from '../../shared/schema/run.ts';
import { datasetInfo } from '../data/index.ts';
import { toOutcome, type DataCounts } from '../report/run-outcome.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { RunStore } from '../store/run-store.ts';
import type { StudyStore } from '../store/study-store.ts';
import { experimentSha256, searchSha256 } from './experiment-hash.ts';
import { endEpoch } from './result-epoch.ts';

/** An experiment of the gallery. */
export interface GalleryExperiment {
  readonly id: string;
  readonly experiment: Experiment;
}

/**
 * The finished runs of an experiment by variant, one per seed. A run made before its variant was changed belongs to
 * another one and is left out. Of an experiment that was searched, the winner's runs stand for it.
 */
export function readOutcomes(
  { id, experiment }: GalleryExperiment,
  { runs, studies }: Pick<OpenStore, 'runs' | 'studies'>,
  datasetDirectory: string,
): ExperimentOutcomes {
  const finished = runs.runsOfExperiment(id).filter((run) => run.state === 'finished');
  const search = experiment.search === null ? null : readSearch({ id, experiment }, studies);
  const groups = variantIds(experiment).map((variant) => {
    const sha256 = experimentSha256(resolveVariant(experiment, variant));
    const group = finished.filter((run) =>
      search === null
        ? run.variant === variant && run.experimentSha256 === sha256
        : search.winners.has(run.id),
    );
    return { variant, experimentSha256: sha256, ids: newestBySeed(group).map((run) => run.id) };
  });
  const ids = groups.flatMap((group) => group.ids);
  const outcomes = new Map(
    readRunOutcomes(ids, runs, datasetDirectory).map((outcome) => [outcome.runId, outcome]),
  );
  const variants = groups.map(({ ids: ofGroup, ...group }) => ({
    ...group,
    runs: ofGroup.map((runId) => outcomes.get(runId)!),
  }));
  return { id, name: experiment.name, variants, search: search?.outcome ?? null };
}

/**
 * The search of an experiment that has come farthest, and the runs of its winner; null where none has a winner. One made
 * before the experiment or its space was changed is left out.
 */
function readSearch(
  { id, experiment: wanted }: GalleryExperiment,
  studies: StudyStore,
): { readonly outcome: SearchOutcome; readonly winners: ReadonlySet<RunId> } | null {
  const sha256 = searchSha256(wanted);
  const [farthest] = studies
    .listStudies(false)
    .filter((study) => study.experimentId === id)
    .map((study) => studies.getDetail(study.id))
    .filter(({ experiment }) => searchSha256(experiment) === sha256)
    .sort(
      ({ summary: a }, { summary: b }) => b.trialsDone - a.trialsDone || (a.createdAt < b.createdAt ? 1 : -1),
    );
  if (farthest === undefined) return null;
  const { summary, experiment, openings } = farthest;
  const { bestTrial: trial, bestValue: value } = summary;
  if (trial === null || value === null) return null;
  const [best] = studies.trials(summary.id, trial, 1);
  const winners = openings.filter((opening) => opening.trial === trial).flatMap(({ runIds }) => runIds);
  const { seed, createdAt, durationMs, trialsPlanned, trialsDone, trialsPruned, netsDone } = summary;
  return {
    outcome: {
      ...{ studyId: summary.id, seed, createdAt, durationMs },
      ...{ trialsPlanned, trialsDone, trialsPruned, netsDone },
      objective: experiment.search!.objective,
      best: { trial, value, point: best!.point },
    },
    winners: new Set(winners),
  };
}

/** One run per seed, the one made last, in order of the seeds. */
function newestBySeed(group: readonly RunSummary[]): RunSummary[] {
  const bySeed = new Map<number, RunSummary>();
  for (const run of group) {
    const known = bySeed.get(run.seed);
    if (known === undefined || run.createdAt > known.createdAt) bySeed.set(run.seed, run);
  }
  return [...bySeed.values()].sort((a, b) => a.seed - b.seed);
}

/** The outcomes of several runs, read together. */
function readRunOutcomes(ids: readonly RunId[], runs: RunStore, datasetDirectory: string): RunOutcome[] {
  const series = runs.getCurves(ids, null);
  const counts = new Map<string, DataCounts>();
  return runs.getRecords(ids).map((record, i) => {
    const { data } = record.experiment;
    const key = JSON.stringify(data);
    const known = counts.get(key) ?? datasetInfo(data, datasetDirectory);
    counts.set(key, known);
    return toOutcome({ ...record, series: series[i]! }, known, endEpoch(record));
  });
}

/**
 * Outcomes of the history and such as were kept elsewhere, together: the history's where both know a seed. Kept ones of
 * an experiment that has changed since are left out.
 */
export function mergeOutcomes(
  own: ExperimentOutcomes,
  kept: ExperimentOutcomes | undefined,
): ExperimentOutcomes {
  const isFarther = (kept?.search?.trialsDone ?? 0) > (own.search?.trialsDone ?? 0);
  // A winner's runs are those of one search.
  if (isFarther && own.variants.every((variant) => findSame(variant, kept!) !== undefined))
    return { ...own, search: kept!.search, variants: kept!.variants };
  if (own.search !== null) return own;
  const variants = own.variants.map((variant) => {
    const same = kept === undefined ? undefined : findSame(variant, kept);
    const seeds = new Set(variant.runs.map((run) => run.seed));
    const added = (same?.runs ?? []).filter((run) => !seeds.has(run.seed));
    return { ...variant, runs: [...variant.runs, ...added].sort((a, b) => a.seed - b.seed) };
  });
  return { ...own, variants };
}

type VariantOutcomes = ExperimentOutcomes['variants'][number];

/** A variant's outcomes among others, if it has not changed since. */
function findSame(
  { variant, experimentSha256: sha256 }: VariantOutcomes,
  { variants }: ExperimentOutcomes,
): VariantOutcomes | undefined {
  return variants.find((other) => other.variant === variant && other.experimentSha256 === sha256);
}
