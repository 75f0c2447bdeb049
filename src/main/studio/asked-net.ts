import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunDetail, RunId } from '../../shared/schema/run.ts';
import type { InspectedNet, InspectionPlaces } from '../inspect/inspector-contract.ts';
import type { OpenStore } from '../store/open-store.ts';
import { checkpointOfEpoch, finalEpoch } from './result-epoch.ts';
import type { SettingsFile } from './settings-file.ts';

/** What a call about stored nets needs besides processes that answer it. */
export interface AskedNetSurroundings {
  readonly store: OpenStore;
  readonly settings: SettingsFile;
  readonly cacheDirectory: string;
  /** Folder of the datasets that were imported or fetched. */
  readonly datasetDirectory: string;
}

/** A run and the epoch that is asked for. */
export interface AskedNet {
  readonly detail: RunDetail;
  readonly epoch: number;
}

/** Where an inspector finds things, with the engine that the settings say. */
export function placesOf({
  settings,
  store,
  cacheDirectory,
  datasetDirectory,
}: AskedNetSurroundings): InspectionPlaces {
  return {
    engine: settings.get().engine,
    artifactDirectory: store.artifacts.directory,
    cacheDirectory,
    datasetDirectory,
  };
}

/** @throws StudioError `unsupported` for a run that has no net */
function refuseLab({ experiment, summary }: RunDetail): void {
  if (experiment.lab === null) return;
  throw new StudioError(
    'unsupported',
    `results: run ${summary.id} measures (${experiment.lab.kind}) and trains no net, so nothing predicts; look at its ` +
      'curves',
    { runId: summary.id },
  );
}

/**
 * The run, and the epoch asked for or the one whose weights it ended with.
 * @throws StudioError `not-found` for a run that is not there, `unsupported` for one that has no net
 */
export function findNet(
  { store }: Pick<AskedNetSurroundings, 'store'>,
  params: { readonly runId: RunId; readonly epoch: number | null },
): AskedNet {
  const detail = store.runs.getDetail(params.runId);
  refuseLab(detail);
  return { detail, epoch: params.epoch ?? finalEpoch(detail) };
}

/**
 * The net as an inspector is told of it.
 * @throws StudioError `not-found` for an epoch that has not been, or whose checkpoint was not kept
 */
export function netOf({ detail, epoch }: AskedNet): InspectedNet {
  const { experiment, summary, provenance, preprocessing } = detail;
  return {
    runId: summary.id,
    experiment,
    seed: summary.seed,
    checkpoint: checkpointOfEpoch(detail, epoch),
    preprocessing,
    fingerprints: provenance && {
      dataSha256: provenance.dataSha256,
      splitSha256: provenance.splitSha256,
    },
  };
}
