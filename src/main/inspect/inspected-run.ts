import { StudioError } from '../../shared/ipc/errors.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { Features, LoadedDataset, SplitIndices } from '../data/loaded-dataset.ts';
import type { FittedPreprocessing } from '../preprocess/index.ts';
import { prepareRun, type PreparedRun } from '../training/prepare-run.ts';
import { prepareSvm } from '../training/svm/index.ts';
import { headOfMachine, headsOfNet, type InspectedHead } from './inspected-head.ts';
import type { DataFingerprints } from './inspector-contract.ts';

/** What all epochs of a run share: its data and its model, worked out as for training. */
export interface InspectedRun {
  readonly experiment: Experiment;
  readonly dataset: LoadedDataset;
  readonly split: SplitIndices;
  readonly preprocessing: FittedPreprocessing;
  readonly heads: readonly InspectedHead[];
  /** Null for a support vector machine. */
  readonly net: PreparedRun | null;
  /** Features as the model's preparation takes them: as they are, or whitened; a dataset's part only once. */
  readonly feed: (features: Features) => Promise<Features>;
}

type Parts = Pick<InspectedRun, 'split' | 'preprocessing' | 'heads' | 'net'>;

type Prepare = (
  experiment: Experiment,
  seed: number,
  dataset: LoadedDataset,
  fitted: FittedPreprocessing | null,
) => Parts;

const prepareNet: Prepare = (experiment, seed, dataset, fitted) => {
  const net = prepareRun(experiment, seed, dataset, fitted);
  return { split: net.split, preprocessing: net.preprocessing, heads: headsOfNet(net), net };
};

const prepareMachine: Prepare = (experiment, seed, dataset, fitted) => {
  const { split, preprocessing } = prepareSvm(experiment, seed, dataset, fitted);
  return { split, preprocessing, heads: [headOfMachine(dataset.info.targets[0]!)], net: null };
};

/** @throws StudioError `conflict` where the data is not what the run was made of */
function refuseOtherData(dataset: LoadedDataset, split: SplitIndices, made: DataFingerprints): void {
  if (made.dataSha256 === dataset.sha256 && made.splitSha256 === split.sha256) return;
  throw new StudioError(
    'conflict',
    `results: ${dataset.info.name} is not the data this run was made of (it was imported again, or is of another ` +
      'version); bring back the files it had then, or start the run again',
    { dataset: dataset.info.id },
  );
}

/** Whitens a dataset's part only once, however often it is asked for. */
function createFeed({ materialise }: FittedPreprocessing): InspectedRun['feed'] {
  if (materialise === null) return (features) => Promise.resolve(features);
  const fed = new WeakMap<Features, Promise<Features>>();
  return (features) => {
    const whitened = fed.get(features) ?? materialise(features);
    fed.set(features, whitened);
    return whitened;
  };
}

/**
 * Prepares a run's data and model for looking at any of its epochs. The dataset's arrays are shared.
 * @param made what the run recorded of its data; null where it has not yet
 * @param fitted the run's preparation as it stored it; null to fit it again
 * @throws StudioError `conflict` for other data than the run's, and as {@link prepareRun}
 */
export function prepareInspection(
  experiment: Experiment,
  seed: number,
  dataset: LoadedDataset,
  made: DataFingerprints | null,
  fitted: FittedPreprocessing | null = null,
): InspectedRun {
  const prepare = experiment.svm === null ? prepareNet : prepareMachine;
  const parts = prepare(experiment, seed, dataset, fitted);
  if (made !== null) refuseOtherData(dataset, parts.split, made);
  return { experiment, dataset, ...parts, feed: createFeed(parts.preprocessing) };
}
