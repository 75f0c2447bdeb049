import type { Experiment } from '../../shared/schema/experiment.ts';
import type { RunId } from '../../shared/schema/run.ts';
import { openEngine } from '../engine/index.ts';
import type { OpenStore } from '../store/open-store.ts';
import { newRun } from '../store/store-test-kit.ts';
import { Trainer } from '../trainer/trainer.ts';
import { trainerEvent, type TrainerEvent } from '../training/events.ts';

/** Trains a run by a real trainer, on the JavaScript engine, and stores it as the studio does. */
export async function storeTrainedRun(
  { runs, artifacts }: OpenStore,
  runId: RunId,
  experiment: Experiment,
  seed: number,
): Promise<void> {
  runs.createRun(newRun(runId, { experiment, seed }));
  runs.setState(runId, 'running');
  const take = (event: TrainerEvent): void => {
    if (event.kind === 'started') {
      if (event.preprocessing !== null) runs.setPreprocessing(runId, event.preprocessing);
      runs.setProvenance(runId, event.provenance);
    }
    if (event.kind === 'epoch') runs.appendEpoch(runId, event);
    if (event.kind === 'finished') runs.appendFinalPoints(runId, event.points);
    if (event.kind === 'failed') throw new Error(event.failure.message);
  };
  const job = {
    runId,
    experiment,
    seed,
    engine: { choice: 'cpu' as const, threads: null, device: 'auto' as const },
    artifactDirectory: artifacts.directory,
    cacheDirectory: artifacts.directory,
    datasetDirectory: artifacts.directory,
    preprocessing: null,
    resume: null,
  };
  const emit = (event: TrainerEvent): void => take(trainerEvent.parse(structuredClone(event)));
  await new Trainer({ openEngine, appVersion: '1.2.3', emit }).receive({ kind: 'start', job });
  runs.setState(runId, 'finished');
}
