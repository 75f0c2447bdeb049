import { join } from 'node:path';
import { contract, type StudioHandlers } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import { removeLeftovers } from '../data/index.ts';
import { datasetDirectory as datasetDirectoryIn } from '../host/paths.ts';
import { openStore, type OpenStore } from '../store/open-store.ts';
import { createArchiveCalls } from './archive-calls.ts';
import { createCompareCalls } from './compare-calls.ts';
import { createDatasetService } from './dataset-calls.ts';
import { DatasetShelf } from './dataset-shelf.ts';
import { EngineInstaller } from './engine-calls.ts';
import { ExperimentFiles } from './experiment-files.ts';
import { createExperimentRunCalls } from './experiment-runs.ts';
import { createExploreService } from './explore-calls.ts';
import { createFigureCalls, type FigureCalls } from './figure-calls.ts';
import { createGalleryCalls } from './gallery-calls.ts';
import { createInspectCalls } from './inspect-calls.ts';
import { InspectorPool } from './inspector-pool.ts';
import { createModelCalls } from './model-calls.ts';
import { NoticeBoard } from './notice-board.ts';
import { createPadCalls, createPadInspectors } from './pad-calls.ts';
import { ResultCache } from './result-cache.ts';
import { createResultCalls } from './result-calls.ts';
import { createRunCalls } from './run-calls.ts';
import { damageNotice } from './run-notices.ts';
import { RunSupervisor } from './run-supervisor.ts';
import { SettingsFile } from './settings-file.ts';
import { createStudioCalls } from './studio-calls.ts';
import { createStudyCalls } from './study/study-calls.ts';
import { StudySupervisor } from './study/study-supervisor.ts';
import type { StudioSurroundings } from './surroundings.ts';
import { TaskBoard } from './task-board.ts';
import { findCrashedRuns, watchHistory } from './watch-history.ts';

/** Longest wait for training runs to reach a pause when the studio ends politely. */
const PAUSE_PATIENCE_MS = 3_000;

/** The studio: one handler per call of the contract, and its own life. */
export interface Studio {
  readonly handlers: StudioHandlers;
  /** Begins the work that no call asks for; events may come from here on. */
  start(): void;
  /** Pauses what trains (waiting for at most `patienceMs`, 3 s), ends the trainers and closes the history. */
  close(patienceMs?: number): Promise<void>;
}

/**
 * Opens the history and composes the studio. Where the history cannot be opened at all (made by a newer version, a
 * folder that cannot be written) every call rejects with that reason, so that each door can show it.
 */
export function createStudio(surroundings: StudioSurroundings): Studio {
  try {
    return composeStudio(surroundings, openStore(surroundings.dataDirectory, surroundings));
  } catch (error) {
    if (error instanceof StudioError) return refusingStudio(error);
    throw error;
  }
}

/** What a studio is made of. */
function openParts(surroundings: StudioSurroundings, store: OpenStore) {
  const { dataDirectory, resourceDirectory, publish, host } = surroundings;
  const datasetDirectory = datasetDirectoryIn(dataDirectory);
  const notices = new NoticeBoard(publish);
  const settings = new SettingsFile(join(dataDirectory, 'settings.json'));
  const keepsAllCheckpoints = (): boolean => settings.get().checkpointPolicy === 'all';
  const supervised = { ...surroundings, datasetDirectory, store, notices, keepsAllCheckpoints };
  const shelf = new DatasetShelf(datasetDirectory);
  const tasks = new TaskBoard(publish);
  return {
    datasetDirectory,
    notices,
    settings,
    tasks,
    files: new ExperimentFiles(join(resourceDirectory, 'experiments'), join(dataDirectory, 'experiments')),
    supervisor: new RunSupervisor(supervised),
    studies: new StudySupervisor({ ...surroundings, store, datasetDirectory }),
    datasets: createDatasetService({ datasetDirectory, host, publish, notices, shelf }),
    explorer: createExploreService({ dataDirectory, datasetDirectory, host, shelf, tasks }),
    inspectors: new InspectorPool(host),
    padInspectors: createPadInspectors(host),
    installer: new EngineInstaller(surroundings.engineLibrary, publish),
  };
}

type Parts = ReturnType<typeof openParts>;

function answerCalls(surroundings: StudioSurroundings, store: OpenStore, parts: Parts): StudioHandlers {
  const { datasetDirectory, notices, settings, files, supervisor, studies, inspectors, tasks } = parts;
  const { publish, now } = surroundings;
  const starter = { store, supervisor, settings, publish, now, datasetDirectory };
  const cache = new ResultCache(store);
  const answered = { ...surroundings, store, settings, inspectors, cache, datasetDirectory };
  const results = createResultCalls(answered);
  const answers: Omit<StudioHandlers, keyof FigureCalls> = {
    ...createStudioCalls(surroundings, store, settings, notices),
    ...parts.installer.calls(),
    ...parts.datasets.calls,
    ...parts.explorer.calls,
    ...createGalleryCalls(files, store.runs, notices, datasetDirectory),
    ...createRunCalls(starter),
    ...createExperimentRunCalls(starter, files),
    ...createStudyCalls({ ...starter, studies }),
    ...createModelCalls({ ...surroundings, store, datasetDirectory }),
    ...createArchiveCalls(store, surroundings),
    ...results,
    ...createCompareCalls({ runs: store.runs, resultsOf: results['results.get'] }),
    ...createInspectCalls({ ...answered, tasks }),
    ...createPadCalls({ ...answered, padInspectors: parts.padInspectors }),
  };
  return { ...answers, ...createFigureCalls(surroundings, answers) };
}

function composeStudio(surroundings: StudioSurroundings, store: OpenStore): Studio {
  const parts = openParts(surroundings, store);
  const { datasetDirectory, notices, settings, supervisor, studies } = parts;
  const { publish } = surroundings;
  let stopWatching = (): void => undefined;
  return {
    handlers: answerCalls(surroundings, store, parts),
    start: () => {
      tellFindings(store, settings, notices);
      const watched = { store, supervisor, notices, publish };
      findCrashedRuns(watched);
      studies.findCrashed();
      stopWatching = watchHistory(watched);
      void removeLeftovers(datasetDirectory);
      store.createDailyBackup().catch((error: unknown) => tellBackupFailed(notices, error));
    },
    close: async (patienceMs = PAUSE_PATIENCE_MS) => {
      parts.installer.cancel();
      parts.explorer.close();
      parts.datasets.close();
      parts.inspectors.close();
      parts.padInspectors.close();
      studies.close();
      await supervisor.close(patienceMs);
      stopWatching();
      store.close();
    },
  };
}

function tellFindings(store: OpenStore, settings: SettingsFile, notices: NoticeBoard): void {
  if (store.damage !== null) notices.post(damageNotice(store.damage));
  if (settings.fault === null) return;
  notices.post({
    id: 'settings-fault',
    level: 'warning',
    title: 'The settings file was not understood',
    text: `The defaults are used until you change a setting. ${settings.fault}`,
    action: null,
  });
}

function tellBackupFailed(notices: NoticeBoard, error: unknown): void {
  notices.post({
    id: 'backup-failed',
    level: 'warning',
    title: "Today's backup of the history failed",
    text: error instanceof Error ? error.message : String(error),
    action: null,
  });
}

function refusingStudio(reason: StudioError): Studio {
  const calls = Object.entries(contract).filter(([, entry]) => entry.type === 'invoke');
  const refuse = (): never => {
    throw reason;
  };
  return {
    handlers: Object.fromEntries(calls.map(([name]) => [name, refuse])) as unknown as StudioHandlers,
    start: () => undefined,
    close: () => Promise.resolve(),
  };
}
