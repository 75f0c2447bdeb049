import type { GalleryEntry, StudioHandlers } from '../../shared/ipc/contract.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import { datasetInfo } from '../data/index.ts';
import { summariseModel } from '../model/index.ts';
import type { RunStore } from '../store/run-store.ts';
import { checkUnknownExperiment } from './experiment-check.ts';
import type { ExperimentFiles } from './experiment-files.ts';
import { experimentSha256 } from './experiment-hash.ts';
import type { NoticeBoard } from './notice-board.ts';

/** The calls about the gallery and single experiment files. */
export type GalleryCalls = Pick<
  StudioHandlers,
  'gallery.list' | 'experiments.get' | 'experiments.check' | 'experiments.save' | 'experiments.delete'
>;

export function createGalleryCalls(
  files: ExperimentFiles,
  runs: RunStore,
  notices: NoticeBoard,
  datasetDirectory: string,
): GalleryCalls {
  return {
    'gallery.list': () => listGallery(files, runs, notices, datasetDirectory),
    'experiments.get': ({ id }) => files.get(id),
    'experiments.check': ({ experiment }) => checkUnknownExperiment(experiment, datasetDirectory),
    'experiments.save': async ({ id, experiment }) => ({ id: await files.save(id, experiment) }),
    'experiments.delete': ({ id }) => {
      files.delete(id);
      notices.dismiss(faultNoticeId(id));
      return {};
    },
  };
}

/** All files that can be shown; the others are told of once, so that one bad file hides no good one. */
function listGallery(
  files: ExperimentFiles,
  runs: RunStore,
  notices: NoticeBoard,
  datasetDirectory: string,
): GalleryEntry[] {
  return files.list().flatMap((file) => {
    if (file.experiment === null) {
      tellFault(notices, file.id, file.fault);
      return [];
    }
    try {
      return [toEntry(file.id, file.experiment, runs, datasetDirectory)];
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      tellFault(notices, file.id, error.message);
      return [];
    }
  });
}

function toEntry(id: string, experiment: Experiment, runs: RunStore, datasetDirectory: string): GalleryEntry {
  const dataset = datasetInfo(experiment.data, datasetDirectory);
  const { newest, best } = runs.newestAndBest({
    experimentSha256: experimentSha256(experiment),
    experimentId: id,
  });
  return {
    id,
    experiment,
    model: summariseModel(experiment.model, dataset.featureShape),
    dataset,
    lastRun: newest,
    bestRun: best,
  };
}

function faultNoticeId(id: string): string {
  return `experiment-${id}`;
}

function tellFault(notices: NoticeBoard, id: string, fault: string): void {
  if (notices.has(faultNoticeId(id))) return;
  notices.post({
    id: faultNoticeId(id),
    level: 'warning',
    title: `Experiment ${id} cannot be shown`,
    text: fault,
    action: null,
  });
}
