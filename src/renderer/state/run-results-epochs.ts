import type { Experiment } from '../../shared/schema/experiment.ts';
import type { RunEpoch, RunState } from '../../shared/schema/run.ts';

/** A place of the epoch slider: an epoch whose weights are stored. */
export interface EpochStop {
  readonly epoch: number;
  readonly best: boolean;
  readonly last: boolean;
}

/** The epochs that can be looked at, 0 (before training) first. */
export function epochStops(epochs: readonly RunEpoch[]): EpochStop[] {
  const stored = epochs.filter((epoch) => epoch.checkpoint !== null);
  const last = stored.at(-1)?.epoch;
  return [
    { epoch: 0, best: false, last: false },
    ...stored.map(({ epoch, best }) => ({ epoch, best, last: epoch === last })),
  ];
}

/** The epoch whose weights a run ended with; null where none is stored. Only a finished run puts the best back. */
export function endEpoch(
  experiment: Experiment,
  stops: readonly EpochStop[],
  state: RunState,
): number | null {
  const restores = state === 'finished' && experiment.training.earlyStopping?.restoreBest === true;
  const end = stops.find((stop) => (restores ? stop.best : stop.last)) ?? stops.find((stop) => stop.last);
  return end?.epoch ?? null;
}

/** What a stop is called, e.g. "epoch 12, best". */
export function stopLabel(stop: EpochStop): string {
  const marks = [stop.epoch === 0 && 'before training', stop.best && 'best', stop.last && 'last'];
  return [`epoch ${stop.epoch}`, ...marks.filter((mark) => mark !== false)].join(', ');
}
