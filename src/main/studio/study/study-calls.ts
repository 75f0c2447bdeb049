import { availableParallelism } from 'node:os';
import { resolvePoint } from '../../../shared/experiment/resolve-point.ts';
import type { StudioHandlers } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { EngineChoice } from '../../../shared/schema/engine.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { StudyDetail, StudyId } from '../../../shared/schema/study.ts';
import { datasetInfo } from '../../data/index.ts';
import { splitCounts } from '../../data/split.ts';
import { checkExperiment } from '../../model/index.ts';
import { computeImportance } from '../../search/importance/index.ts';
import { foldCount, membersOf, netsPerTrial } from '../../search/members.ts';
import { createSampler } from '../../search/samplers/index.ts';
import { createRunId } from '../run-id.ts';
import { startRun, type RunStarterSurroundings } from '../run-starter.ts';
import { estimateSearch } from './study-estimate.ts';
import { requireSearch, type StudySupervisor } from './study-supervisor.ts';

/** The calls about searches. */
export type StudyCalls = Pick<StudioHandlers, Extract<keyof StudioHandlers, `studies.${string}`>>;

export interface StudyCallSurroundings extends RunStarterSurroundings {
  readonly studies: StudySupervisor;
}

function available(experiment: Experiment, datasetDirectory: string): number {
  const info = datasetInfo(experiment.data, datasetDirectory);
  if (!info.available) {
    throw new StudioError(
      'not-found',
      `search ${experiment.name}: its dataset ${info.name} is not on this machine; fetch or import it on the Data screen`,
      { dataset: info.id },
    );
  }
  const { train, dev } = splitCounts({ ...experiment.data.split, fold: undefined }, info);
  return train + dev;
}

/** The first point's first net must be one that can be trained; the others are looked at when their turn comes. */
function refuseFaulty(
  experiment: Experiment,
  seed: number,
  examples: number,
  datasetDirectory: string,
): void {
  const search = requireSearch(experiment.search, experiment.name);
  const point = createSampler(search, seed).draw(0, []);
  const [first] = membersOf(experiment, search, seed, 0, point, examples);
  const issues = checkExperiment(first!.experiment, datasetInfo(experiment.data, datasetDirectory));
  if (issues.length === 0) return;
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new StudioError('invalid-input', `search ${experiment.name}: cannot run (${list})`, { issues });
}

/** The point of a trial, or of the best one. */
function pointOf(surroundings: StudyCallSurroundings, { summary }: StudyDetail, trial: number | null) {
  const wanted = trial ?? summary.bestTrial;
  if (wanted === null) {
    throw new StudioError('conflict', 'search: no trial has finished yet; wait for the first one', {
      studyId: summary.id,
    });
  }
  const [found] = surroundings.store.studies.trials(summary.id, wanted, 1);
  if (found?.number === wanted) return { trial: wanted, point: found.point };
  throw new StudioError('not-found', `search: the study has no trial ${wanted}`, { studyId: summary.id });
}

/** The point trained on everything that is not test, whatever the search set aside. */
function onAllTrainingData(resolved: Experiment): Experiment {
  const { fold: _, ...split } = resolved.data.split;
  return {
    ...resolved,
    data: { ...resolved.data, split: { ...split, devFraction: 0, devExamples: 0 } },
    // Without dev there is nothing to stop by.
    training: { ...resolved.training, earlyStopping: null },
  };
}

/** The handlers. */
export function createStudyCalls(surroundings: StudyCallSurroundings): StudyCalls {
  const { store, settings, studies: supervisor, publish, now, datasetDirectory } = surroundings;
  const { studies } = store;
  const start = (id: StudyId, workers: number | null, choice: EngineChoice): void => {
    const { engine } = settings.get();
    const count = workers ?? engine.threads ?? availableParallelism();
    supervisor.work(id, {
      engine: { ...engine, choice: choice === 'auto' ? engine.choice : choice },
      workers: count,
    });
  };
  const goOn = (id: StudyId): void => {
    studies.setState(id, 'running', { ownerPid: process.pid });
    start(id, null, 'auto');
  };
  const startTrial = (detail: StudyDetail, trial: number, resolved: Experiment, seed: number) =>
    startRun(surroundings, {
      experiment: { ...resolved, name: `${detail.summary.name}, trial ${trial}`.slice(0, 120) },
      seed,
      engine: 'auto',
      threads: null,
      experimentId: detail.summary.experimentId,
      variant: null,
    });
  const open = (id: StudyId, trial: number, runIds: string[]) => {
    const opening = { at: new Date(now()).toISOString(), trial, runIds };
    studies.addOpening(id, opening);
    publish('study.changed', studies.getSummary(id));
    return opening;
  };
  return {
    'studies.start': ({ experiment, experimentId, seed, engine, workers }) => {
      const search = requireSearch(experiment.search, experiment.name);
      const examples = available(experiment, datasetDirectory);
      refuseFaulty(experiment, seed, examples, datasetDirectory);
      const studyId = `s${createRunId(now())}`;
      studies.createStudy({
        id: studyId,
        experiment,
        experimentId,
        seed,
        trialsPlanned: createSampler(search, seed).trialCount ?? 1,
        netsPerTrial: netsPerTrial(search, examples),
        ownerPid: process.pid,
      });
      start(studyId, workers, engine);
      return { studyId };
    },
    'studies.list': ({ deleted }) => studies.listStudies(deleted),
    'studies.get': ({ studyId }) => studies.getDetail(studyId),
    'studies.trials': ({ studyId, from, limit }) => studies.trials(studyId, from, limit),
    'studies.folds': ({ studyId, trial }) => studies.folds(studyId, trial).map(({ result }) => result),
    'studies.pause': ({ studyId }) => {
      supervisor.stop(studyId, 'paused');
      return {};
    },
    'studies.resume': ({ studyId }) => {
      goOn(studyId);
      return {};
    },
    'studies.cancel': ({ studyId }) => {
      supervisor.stop(studyId, 'cancelled');
      return {};
    },
    'studies.extend': ({ studyId, trials }) => {
      publish('study.changed', studies.extend(studyId, trials));
      if (!supervisor.extend(studyId, trials)) goOn(studyId);
      return {};
    },
    'studies.delete': ({ studyIds }) => {
      studies.deleteStudies(studyIds);
      return {};
    },
    'studies.restore': ({ studyIds }) => {
      studies.restoreStudies(studyIds);
      return {};
    },
    'studies.importance': ({ studyId, method }) => {
      const { experiment, summary } = studies.getDetail(studyId);
      const trials = studies
        .trials(studyId, 0, Number.MAX_SAFE_INTEGER)
        .flatMap(({ state, point, values }) => {
          const [value] = values;
          return state === 'finished' && value !== null && value !== undefined ? [{ point, value }] : [];
        });
      return computeImportance(experiment.search!.parameters, trials, method, summary.seed);
    },
    'studies.openTest': ({ studyId, trial: wanted, seeds }) => {
      const detail = studies.getDetail(studyId);
      const { trial, point } = pointOf(surroundings, detail, wanted);
      const resolved = onAllTrainingData(resolvePoint(detail.experiment, point, null));
      const runIds = Array.from({ length: seeds }, (_, offset) =>
        startTrial(detail, trial, resolved, detail.summary.seed + offset),
      );
      return open(studyId, trial, runIds);
    },
    'studies.runTrial': ({ studyId, trial: wanted }) => {
      const detail = studies.getDetail(studyId);
      const { trial, point } = pointOf(surroundings, detail, wanted);
      const folds = foldCount(detail.experiment.search!, supervisor.availableExamples(studyId));
      const { seed } = detail.summary;
      const fold = folds === 1 ? null : { index: 0, folds, repeat: 0, seed };
      const runId = startTrial(detail, trial, resolvePoint(detail.experiment, point, fold), seed);
      open(studyId, trial, [runId]);
      return { runId };
    },
    'studies.estimate': ({ experiment }) =>
      estimateSearch(experiment, available(experiment, datasetDirectory), store),
  };
}
