import { StudioError } from '../../shared/ipc/errors.ts';
import type { DataSpec } from '../../shared/schema/dataset.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { loadDataset } from '../data/index.ts';
import type { LoadedDataset } from '../data/loaded-dataset.ts';
import type { Engine, StateTensor } from '../engine/engine.ts';
import type { openEngine } from '../engine/index.ts';
import { prepareInspection, type InspectedRun } from '../inspect/inspected-run.ts';
import type { InspectedNet, InspectionPlaces } from '../inspect/inspector-contract.ts';
import { openMachine } from '../inspect/open-machine.ts';
import { openNet, type OpenNet } from '../inspect/open-net.ts';
import type { Predictor } from '../inspect/predictor.ts';
import { openPreview, type PreviewSource } from '../inspect/preview-batch.ts';
import { CheckpointFiles } from '../training/checkpoint-files.ts';
import { readPreprocessing } from '../training/preprocessing-files.ts';
import { LastMade } from './last-made.ts';

/** What a process holds while it answers: one engine, one dataset, one run, kept for the next call about them. */
export class Workbench {
  readonly #open: typeof openEngine;
  readonly #engine = new LastMade<Engine>((engine) => {
    for (const end of this.#engineEnds) end();
    engine.dispose();
  });
  readonly #dataset = new LastMade<LoadedDataset>();
  readonly #run = new LastMade<InspectedRun>();
  readonly #preview = new LastMade<PreviewSource>();
  readonly #engineEnds: (() => void)[] = [];

  constructor(open: typeof openEngine) {
    this.#open = open;
  }

  /** The engine that the places ask for; only one may be alive, so another one is closed first. */
  engine({ engine, cacheDirectory }: InspectionPlaces): Promise<Engine> {
    return this.#engine.get(JSON.stringify([engine, cacheDirectory]), async () => {
      return (await this.#open(engine, cacheDirectory)).engine;
    });
  }

  /** `end` gives back what it holds on an engine, each time before one is closed. */
  beforeEngineEnds(end: () => void): void {
    this.#engineEnds.push(end);
  }

  /** Closes the engine; the next call opens one again. */
  close(): Promise<void> {
    return this.#engine.giveBack();
  }

  /**
   * Calls `work` with a run's model and takes it off the engine again.
   * @throws StudioError `conflict` for other data than the run's, `not-found` and `data-damaged` for its files
   */
  withModel<T>(
    places: InspectionPlaces,
    net: InspectedNet,
    work: (predictor: Predictor) => Promise<T>,
  ): Promise<T> {
    return this.#withOpen(places, net, openModel, work);
  }

  /** {@link withModel} for what only nets have. @throws StudioError `unsupported` for a support vector machine */
  withNet<T>(places: InspectionPlaces, net: InspectedNet, work: (open: OpenNet) => Promise<T>): Promise<T> {
    return this.#withOpen(places, net, requireNet, work);
  }

  /**
   * Opens a net that stays open; the caller disposes of it, at the latest when the engine ends.
   * @throws StudioError as {@link withNet}
   */
  async open(places: InspectionPlaces, net: InspectedNet): Promise<OpenNet> {
    const engine = await this.engine(places);
    const run = await this.#inspect(places, net);
    return requireNet(engine, run, await readState(places, net));
  }

  async #withOpen<P extends Predictor, T>(
    places: InspectionPlaces,
    net: InspectedNet,
    open: (engine: Engine, run: InspectedRun, state: readonly StateTensor[] | null) => P,
    work: (predictor: P) => Promise<T>,
  ): Promise<T> {
    // Before the run is prepared: whitening, which belongs to the run, computes with the engine.
    const engine = await this.engine(places);
    const run = await this.#inspect(places, net);
    const predictor = open(engine, run, await readState(places, net));
    try {
      return await work(predictor);
    } finally {
      predictor.dispose();
    }
  }

  #inspect(places: InspectionPlaces, net: InspectedNet): Promise<InspectedRun> {
    const { experiment, seed, fingerprints, preprocessing } = net;
    const key = JSON.stringify([places, experiment, seed, fingerprints, preprocessing]);
    return this.#run.get(key, async () => {
      const dataset = await this.#load(places, experiment.data, fingerprints?.dataSha256 ?? null);
      const fitted =
        preprocessing === null ? null : await readPreprocessing(places.artifactDirectory, preprocessing);
      return prepareInspection(experiment, seed, dataset, fingerprints, fitted);
    });
  }

  /**
   * Calls `work` with an experiment's data, split and prepared for a seed.
   * @throws StudioError `invalid-input` with the path of a fault
   */
  async withPreview<T>(
    places: InspectionPlaces,
    experiment: Experiment,
    seed: number,
    work: (source: PreviewSource, engine: Engine) => Promise<T>,
  ): Promise<T> {
    const engine = await this.engine(places);
    const { data, preprocessing } = experiment;
    const key = JSON.stringify([places, data, preprocessing, seed]);
    const source = await this.#preview.get(key, async () =>
      openPreview(experiment, seed, await this.#load(places, data, null)),
    );
    return work(source, engine);
  }

  /**
   * A dataset under the same name may have been imported anew, so that its fingerprint is part of the key.
   * @param sha256 null where none is known
   */
  #load(
    { datasetDirectory }: InspectionPlaces,
    spec: DataSpec,
    sha256: string | null,
  ): Promise<LoadedDataset> {
    const { dataset, generator, table } = spec;
    const key = JSON.stringify([datasetDirectory, dataset, generator, table, sha256]);
    return this.#dataset.get(key, () => loadDataset(spec, datasetDirectory));
  }
}

/** The state of a checkpoint; null for the first weights. */
async function readState(
  { artifactDirectory }: InspectionPlaces,
  { runId, checkpoint }: InspectedNet,
): Promise<readonly StateTensor[] | null> {
  if (checkpoint === null) return null;
  const files = new CheckpointFiles(artifactDirectory, runId);
  return (await files.read(checkpoint.path, checkpoint.sha256)).state;
}

function openModel(engine: Engine, run: InspectedRun, state: readonly StateTensor[] | null): Predictor {
  if (run.net !== null) return openNet(engine, run, run.net, state ?? run.net.step.state);
  if (state !== null) return openMachine(run, state);
  throw new StudioError(
    'not-found',
    'results: a support vector machine is nothing before it is fitted; take epoch 1, when the run has finished',
  );
}

function requireNet(engine: Engine, run: InspectedRun, state: readonly StateTensor[] | null): OpenNet {
  if (run.net !== null) return openNet(engine, run, run.net, state ?? run.net.step.state);
  throw new StudioError(
    'unsupported',
    'inspect: a support vector machine has no layers; look at its results or its boundary instead',
  );
}
