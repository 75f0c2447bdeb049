import { CheckpointFiles } from '../training/checkpoint-files.ts';
import type { TrainingJob } from '../training/events.ts';
import { RunClock } from '../training/run-clock.ts';
import type { WorkSession } from '../training/single-epoch.ts';
import { announcePhase, type TrainerSurroundings } from './surroundings.ts';

/**
 * Opens the session of a job that trains no net. It begins anew even where the job was broken off: what it had is not
 * stored half-way, and comes out the same.
 */
export function openWorkSession(job: TrainingJob, surroundings: TrainerSurroundings): WorkSession {
  const { runId, seed } = job;
  const { emit, controls, onClock } = surroundings;
  const clock = new RunClock(0, 0);
  onClock(clock);
  announcePhase(surroundings, 'loading', { runId, epoch: 0, epochsPlanned: 1, step: 0, stepsPlanned: 1 });
  const files = new CheckpointFiles(job.artifactDirectory, runId);
  return { runId, seed, files, controls, clock, emit };
}

/** How work outside an engine's programs is run, for the provenance. */
export const STEP_BY_STEP = { executor: 'eager', stepsPerCall: 1 } as const;
