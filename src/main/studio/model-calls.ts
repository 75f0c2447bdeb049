import { StudioError } from '../../shared/ipc/errors.ts';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { ExportedFile } from '../../shared/schema/figure.ts';
import type { RunDetail } from '../../shared/schema/run.ts';
import { datasetInfo } from '../data/index.ts';
import type { StateTensor } from '../engine/engine.ts';
import { initialiseModel, planModel } from '../model/index.ts';
import { storedPreprocessing, type StoredPreprocessing } from '../preprocess/index.ts';
import { exportModel, type TrainedNet } from '../report/model/export-model.ts';
import { zipFiles } from '../report/zip.ts';
import type { OpenStore } from '../store/open-store.ts';
import { CheckpointFiles } from '../training/checkpoint-files.ts';
import { checkpointOfEpoch, finalEpoch } from './result-epoch.ts';

/** The calls that give trained nets to other programs. */
export type ModelCalls = Pick<StudioHandlers, 'runs.exportModel'>;

export interface ModelCallSurroundings {
  readonly store: OpenStore;
  readonly datasetDirectory: string;
  readonly appVersion: string;
}

/** @throws StudioError `unsupported` for a run that trains no net */
function refuseWithoutNet({ experiment, summary }: RunDetail): void {
  if (experiment.lab === null && experiment.svm === null) return;
  const what = experiment.svm === null ? 'measures and trains no net' : 'is a support vector machine';
  throw new StudioError(
    'unsupported',
    `model export: run ${summary.id} ${what}; choose a run that trains a net`,
    { runId: summary.id },
  );
}

async function readState(
  store: OpenStore,
  detail: RunDetail,
  epoch: number,
): Promise<readonly StateTensor[]> {
  const checkpoint = checkpointOfEpoch(detail, epoch);
  const { experiment, model, summary } = detail;
  if (checkpoint === null)
    return initialiseModel(planModel(experiment.model, model.inputShape), summary.seed);
  const files = new CheckpointFiles(store.artifacts.directory, summary.id);
  return (await files.read(checkpoint.path, checkpoint.sha256)).state;
}

/** The fitted preparation; null where there is none. Runs of the first versions stored none though they prepared. */
async function readPrepared(store: OpenStore, detail: RunDetail): Promise<StoredPreprocessing | null> {
  const { preprocessing, experiment, summary } = detail;
  if (preprocessing !== null) {
    const text = Buffer.from(await store.artifacts.read(preprocessing)).toString('utf8');
    return storedPreprocessing.parse(JSON.parse(text));
  }
  if (experiment.preprocessing.length === 0) return null;
  throw new StudioError(
    'not-found',
    `model export: run ${summary.id} was made before preparations were stored, so the model would be given other ` +
      'numbers than it was trained on; run it again',
    { runId: summary.id },
  );
}

function classesOf({ experiment }: RunDetail, datasetDirectory: string): readonly (readonly string[])[] {
  const { targets } = datasetInfo(experiment.data, datasetDirectory);
  const { heads } = experiment.model;
  if (heads.length === 0) return [targets[0]?.classes ?? []];
  return heads.map((head) => targets.find(({ name }) => name === head.target)?.classes ?? []);
}

async function readTrained(
  { store, datasetDirectory, appVersion }: ModelCallSurroundings,
  detail: RunDetail,
  epoch: number,
): Promise<TrainedNet> {
  const { summary, experiment, model } = detail;
  return {
    runId: summary.id,
    runName: summary.name,
    epoch,
    seed: summary.seed,
    appVersion,
    experiment,
    inputShape: model.inputShape,
    classes: classesOf(detail, datasetDirectory),
    state: await readState(store, detail, epoch),
    preprocessing: await readPrepared(store, detail),
  };
}

async function asOne(name: string, files: readonly ExportedFile[]): Promise<ExportedFile[]> {
  if (files.length === 1) return [...files];
  return [{ name: `${name}.zip`, mediaType: 'application/zip', bytes: await zipFiles(files) }];
}

export function createModelCalls(surroundings: ModelCallSurroundings): ModelCalls {
  return {
    'runs.exportModel': async ({ net, format, zip }) => {
      const detail = surroundings.store.runs.getDetail(net.runId);
      refuseWithoutNet(detail);
      const trained = await readTrained(surroundings, detail, net.epoch ?? finalEpoch(detail));
      const files = exportModel(trained, format);
      return zip ? asOne(`${detail.summary.id}-${format}`, files) : files;
    },
  };
}
