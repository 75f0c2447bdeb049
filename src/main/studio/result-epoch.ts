import { StudioError } from '../../shared/ipc/errors.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import type { RunDetail, RunEpoch } from '../../shared/schema/run.ts';

/** Of a run's detail what says where it ended. */
export interface EndedRun {
  readonly summary: Pick<RunDetail['summary'], 'state' | 'epochsDone'>;
  readonly experiment: Pick<RunDetail['experiment'], 'training'>;
  /** The last epoch marked best; null for none. */
  readonly bestEpoch: number | null;
}

/**
 * The epoch whose weights a run ended with: the best one's where early stopping put them back, else the last one's. For
 * a run that has not finished the latest epoch, 0 before the first.
 */
export function endEpoch({ summary, experiment, bestEpoch }: EndedRun): number {
  const keepsBest = summary.state === 'finished' && experiment.training.earlyStopping?.restoreBest === true;
  return (keepsBest ? bestEpoch : null) ?? summary.epochsDone;
}

/** {@link endEpoch} of a whole detail. */
export function finalEpoch({ summary, experiment, epochs }: RunDetail): number {
  const bestEpoch = epochs.findLast((epoch) => epoch.best)?.epoch ?? null;
  const epochsDone = epochs.at(-1)?.epoch ?? 0;
  return endEpoch({ summary: { ...summary, epochsDone }, experiment, bestEpoch });
}

function findEpoch({ epochs, summary }: RunDetail, wanted: number): RunEpoch {
  const found = epochs.find(({ epoch }) => epoch === wanted);
  if (found !== undefined) return found;
  throw new StudioError(
    'not-found',
    `results: run ${summary.id} has no epoch ${wanted} yet, it has ${epochs.length}; take one of these, or 0 for the ` +
      'net before training',
    { runId: summary.id, epoch: wanted, epochsDone: epochs.length },
  );
}

/**
 * The weights after an epoch; null for those before training (epoch 0).
 * @throws StudioError `not-found` for an epoch that has not been, or whose checkpoint was not kept
 */
export function checkpointOfEpoch(detail: RunDetail, epoch: number): Artifact | null {
  if (epoch === 0) return null;
  const { checkpoint } = findEpoch(detail, epoch);
  if (checkpoint !== null) return checkpoint;
  const kept = detail.epochs.filter((candidate) => candidate.checkpoint !== null);
  throw new StudioError(
    'not-found',
    `results: the checkpoint of epoch ${epoch} was not kept, only those of epochs ` +
      `${kept.map((candidate) => candidate.epoch).join(', ')} were; look at one of these, or set checkpoints to "all" ` +
      'in the settings and run it again',
    { runId: detail.summary.id, epoch, keptEpochs: kept.map((candidate) => candidate.epoch) },
  );
}
