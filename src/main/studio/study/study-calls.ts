import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { resolvePoint } from '../../../shared/experiment/resolve-point.ts';
import { packTrials } from '../../../shared/experiment/trial-table.ts';
import type { StudioHandlers } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { EngineChoice } from '../../../shared/schema/engine.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { RunId } from '../../../shared/schema/run.ts';
import type {
  Importance,
  NestedEstimate,
  StudyDetail,
  StudyId,
  TestOpening,
} from '../../../shared/schema/study.ts';
import { datasetInfo } from '../../data/index.ts';
import { splitCounts } from '../../data/split.ts';
import { checkExperiment } from '../../model/index.ts';
import { computeImportanceInTurns } from '../../search/importance/index.ts';
import { foldCount, membersOf, netsPerTrial } from '../../search/members.ts';
import { nestedEstimate } from '../../search/nested.ts';
import { retrainingEpochs } from '../../search/retraining.ts';
import { createSampler } from '../../search/samplers/index.ts';
import { RecentAnswers } from '../recent-answers.ts';
import { createRunId } from '../run-id.ts';
import { startRun, type RunStarterSurroundings } from '../run-starter.ts';
import { estimateSearch } from './study-estimate.ts';
import { requireSearch, type StudySupervisor } from './study-supervisor.ts';

/** The calls about searches. */
export type StudyCalls = Pick<StudioHandlers, Extract<keyof StudioHandlers, `studies.${string}`>>;

type StartParams = Parameters<StudyCalls['studies.start']>[0];
type OpenTestParams = Parameters<StudyCalls['studies.openTest']>[0];

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

/** The point trained on everything that is not test, whatever the search set aside, for so many epochs. */
function onAllTrainingData(resolved: Experiment, epochs: number): Experiment {
  const { fold: _, ...split } = resolved.data.split;
  return {
    ...resolved,
    data: { ...resolved.data, split: { ...split, devFraction: 0, devExamples: 0 } },
    // Without dev there is nothing to stop by.
    training: { ...resolved.training, epochs, earlyStopping: null },
  };
}

/** Begins, and goes on with, the work on studies. */
class StudyStarter {
  readonly #surroundings: StudyCallSurroundings;

  constructor(surroundings: StudyCallSurroundings) {
    this.#surroundings = surroundings;
  }

  begin({ experiment, experimentId, seed, engine, workers }: StartParams): StudyId {
    const { store, now, datasetDirectory } = this.#surroundings;
    const search = requireSearch(experiment.search, experiment.name);
    const examples = available(experiment, datasetDirectory);
    refuseFaulty(experiment, seed, examples, datasetDirectory);
    const id = `s${createRunId(now())}`;
    store.studies.createStudy({
      id,
      experiment,
      experimentId,
      seed,
      trialsPlanned: createSampler(search, seed).trialCount ?? 1,
      netsPerTrial: netsPerTrial(search, examples),
      ownerPid: process.pid,
    });
    this.#work(id, workers, engine);
    return id;
  }

  goOn(id: StudyId, workers: number | null): void {
    const { store, studies } = this.#surroundings;
    // Its process may have been killed a moment ago.
    studies.findCrashed();
    store.studies.setState(id, 'running', { ownerPid: process.pid });
    this.#work(id, workers, 'auto');
  }

  extend(id: StudyId, trials: number, workers: number | null): void {
    const { store, studies, publish } = this.#surroundings;
    const extended = store.studies.extend(id, trials);
    // One that has ended is told of when it runs again: who waits for its end would take the old one for it.
    if (studies.extend(id, trials)) publish('study.changed', extended);
    else this.goOn(id, workers);
  }

  #work(id: StudyId, workers: number | null, choice: EngineChoice): void {
    const { engine } = this.#surroundings.settings.get();
    this.#surroundings.studies.work(id, {
      engine: { ...engine, choice: choice === 'auto' ? engine.choice : choice },
      workers: workers ?? engine.threads ?? availableParallelism(),
    });
  }
}

/** Turns trials into ordinary runs, which measure the test part: each time is counted. */
class TrialRuns {
  readonly #surroundings: StudyCallSurroundings;

  constructor(surroundings: StudyCallSurroundings) {
    this.#surroundings = surroundings;
  }

  openTest({ studyId, trial: wanted, seeds }: OpenTestParams): TestOpening {
    const { studies } = this.#surroundings.store;
    const detail = studies.getDetail(studyId);
    const { trial, point } = pointOf(this.#surroundings, detail, wanted);
    const nets = studies.folds(studyId, trial).map(({ result }) => result);
    const searched = resolvePoint(detail.experiment, point, null);
    const epochs = retrainingEpochs(searched.training, detail.experiment.search!.objective, nets);
    const resolved = onAllTrainingData(searched, epochs);
    const runIds = Array.from({ length: seeds }, (_, offset) =>
      this.#start(detail, trial, resolved, (detail.summary.seed + offset) % 2 ** 32),
    );
    return this.#count(studyId, trial, runIds);
  }

  runOne(studyId: StudyId, wanted: number): RunId {
    const { store, studies } = this.#surroundings;
    const detail = store.studies.getDetail(studyId);
    const { trial, point } = pointOf(this.#surroundings, detail, wanted);
    const folds = foldCount(detail.experiment.search!, studies.availableExamples(studyId));
    const { seed } = detail.summary;
    const fold = folds === 1 ? null : { index: 0, folds, repeat: 0, seed };
    const runId = this.#start(detail, trial, resolvePoint(detail.experiment, point, fold), seed);
    this.#count(studyId, trial, [runId]);
    return runId;
  }

  #start(detail: StudyDetail, trial: number, resolved: Experiment, seed: number): RunId {
    return startRun(this.#surroundings, {
      experiment: { ...resolved, name: `${detail.summary.name}, trial ${trial}`.slice(0, 120) },
      seed,
      engine: 'auto',
      threads: null,
      experimentId: detail.summary.experimentId,
      variant: null,
    });
  }

  #count(id: StudyId, trial: number, runIds: RunId[]): TestOpening {
    const { store, now, publish } = this.#surroundings;
    const opening = { at: new Date(now()).toISOString(), trial, runIds };
    store.studies.addOpening(id, opening);
    publish('study.changed', store.studies.getSummary(id));
    return opening;
  }
}

/** Which parameters of a study matter, worked out between other work and once for as many trials. */
class ImportanceOfParameters {
  readonly #studies: StudyCallSurroundings['store']['studies'];
  readonly #known = new RecentAnswers<Importance>();

  constructor({ store }: StudyCallSurroundings) {
    this.#studies = store.studies;
  }

  of(studyId: StudyId, method: Importance['method']): Promise<Importance> {
    const { experiment, summary } = this.#studies.getDetail(studyId);
    // A trial that has finished changes no more.
    return this.#known.get(`${studyId} ${method} ${summary.trialsDone}`, () => {
      const { parameters } = experiment.search!;
      return computeImportanceInTurns(nextTurn, parameters, this.#finished(studyId), method, summary.seed);
    });
  }

  #finished(studyId: StudyId) {
    return this.#studies
      .trials(studyId, 0, Number.MAX_SAFE_INTEGER)
      .flatMap(({ state, point, values: [value] }) =>
        state === 'finished' && value !== null && value !== undefined ? [{ point, value }] : [],
      );
  }
}

function nestedOf({ store }: StudyCallSurroundings, studyId: StudyId): NestedEstimate {
  const { experiment, summary } = store.studies.getDetail(studyId);
  const finished = new Set(
    store.studies
      .trials(studyId, 0, Number.MAX_SAFE_INTEGER)
      .flatMap(({ state, number }) => (state === 'finished' ? [number] : [])),
  );
  const nets = store.studies.folds(studyId, null).filter(({ trial }) => finished.has(trial));
  return { ...nestedEstimate(nets, experiment.search!.objective), winnerValue: summary.bestValue };
}

/** The handlers. */
export function createStudyCalls(surroundings: StudyCallSurroundings): StudyCalls {
  const { store, studies: supervisor, datasetDirectory } = surroundings;
  const { studies } = store;
  const starter = new StudyStarter(surroundings);
  const runs = new TrialRuns(surroundings);
  const importance = new ImportanceOfParameters(surroundings);
  const after = (act: () => void): Record<string, never> => {
    act();
    return {};
  };
  return {
    'studies.start': (params) => ({ studyId: starter.begin(params) }),
    'studies.list': ({ deleted }) => studies.listStudies(deleted),
    'studies.get': ({ studyId }) => studies.getDetail(studyId),
    'studies.trials': ({ studyId, from, limit }) => packTrials(studies.trials(studyId, from, limit)),
    'studies.folds': ({ studyId, trial }) => studies.folds(studyId, trial).map(({ result }) => result),
    'studies.pause': ({ studyId }) => after(() => supervisor.stop(studyId, 'paused')),
    'studies.resume': ({ studyId, workers }) => after(() => starter.goOn(studyId, workers)),
    'studies.cancel': ({ studyId }) => after(() => supervisor.stop(studyId, 'cancelled')),
    'studies.extend': ({ studyId, trials, workers }) => after(() => starter.extend(studyId, trials, workers)),
    'studies.delete': ({ studyIds }) => after(() => studies.deleteStudies(studyIds)),
    'studies.restore': ({ studyIds }) => after(() => studies.restoreStudies(studyIds)),
    'studies.importance': ({ studyId, method }) => importance.of(studyId, method),
    'studies.nested': ({ studyId }) => nestedOf(surroundings, studyId),
    'studies.openTest': (params) => runs.openTest(params),
    'studies.runTrial': ({ studyId, trial }) => ({ runId: runs.runOne(studyId, trial) }),
    'studies.estimate': ({ experiment }) =>
      estimateSearch(experiment, available(experiment, datasetDirectory), store),
  };
}
