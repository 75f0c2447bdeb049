import { StudioError } from '../../shared/ipc/errors.ts';
import type { EngineOptions } from '../../shared/schema/engine.ts';
import type { RunDetail, RunId, RunProvenance } from '../../shared/schema/run.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { TrainingJob } from '../training/events.ts';

/** What every job of this studio shares. */
interface JobPlaces {
  readonly store: OpenStore;
  readonly cacheDirectory: string;
  readonly datasetDirectory: string;
}

/** The job of a run that begins. */
export function newJob(places: JobPlaces, id: RunId, engine: EngineOptions): TrainingJob {
  const detail = places.store.runs.getDetail(id);
  return { ...baseJob(places, detail), engine, resume: null };
}

/**
 * The job of a crashed run: from its last checkpoint, with the engine, executor and fitted preparation it began with, so
 * that the numbers go on bit for bit. One that had stored nothing begins anew.
 * @param fallback engine of a run that never came to choose one
 * @throws StudioError 'data-damaged' when there are epochs but no checkpoint to continue from
 */
export function resumeJob(places: JobPlaces, id: RunId, fallback: EngineOptions): TrainingJob {
  const detail = places.store.runs.getDetail(id);
  const { provenance } = detail;
  const engine = provenance === null ? fallback : sameEngine(provenance);
  return { ...baseJob(places, detail), engine, resume: resumePoint(places, id, detail) };
}

function baseJob(
  { store, cacheDirectory, datasetDirectory }: JobPlaces,
  { experiment, summary, preprocessing }: RunDetail,
): Omit<TrainingJob, 'engine' | 'resume'> {
  return {
    runId: summary.id,
    experiment,
    seed: summary.seed,
    preprocessing,
    artifactDirectory: store.artifacts.directory,
    cacheDirectory,
    datasetDirectory,
  };
}

function sameEngine({ engine }: RunProvenance): EngineOptions {
  return { choice: engine.kind, threads: engine.threads, device: engine.device.kind };
}

function resumePoint({ store }: JobPlaces, id: RunId, detail: RunDetail): TrainingJob['resume'] {
  const latest = store.runs.latestCheckpoint(id);
  if (latest !== null && detail.provenance !== null) {
    const { executor, stepsPerCall } = detail.provenance;
    return { checkpoint: latest.checkpoint, executor, stepsPerCall };
  }
  if (detail.summary.epochsDone === 0) return null;
  throw new StudioError(
    'data-damaged',
    `Run ${id}: has ${detail.summary.epochsDone} epochs but no checkpoint to continue from; start it again.`,
    { runId: id },
  );
}
