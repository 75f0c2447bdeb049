import { EpochPlayer, stopAfter, type EpochDriver } from './epoch-player.svelte.ts';
import type { EpochStop } from './run-results-epochs.ts';
import type { RunResultsState } from './run-results.svelte.ts';

/** A run's results as a slider over two runs moves them. */
export type LinkedResults = Pick<
  RunResultsState,
  'stops' | 'epoch' | 'over' | 'following' | 'choose' | 'setFollowing' | 'settled'
>;

/** The epochs of both runs, each once; the last of all is marked. Whose best is meant would be unclear, so none is. */
export function unionStops(one: readonly EpochStop[], other: readonly EpochStop[]): EpochStop[] {
  const epochs = [...new Set([...one, ...other].map(({ epoch }) => epoch))].sort((a, b) => a - b);
  const last = epochs.at(-1);
  return epochs.map((epoch) => ({ epoch, best: false, last: epoch === last && epoch > 0 }));
}

/** The stop a run shows for an epoch: that one, or the last before it that it stored. */
export function clampedEpoch(stops: readonly EpochStop[], epoch: number): number {
  return stops.findLast((stop) => stop.epoch <= epoch)?.epoch ?? stops[0]?.epoch ?? 0;
}

/** Why a run stands at another epoch than the slider; null where it does not. */
export function clampNote(stops: readonly EpochStop[], shown: number, asked: number): string | null {
  if (shown === asked) return null;
  const last = stops.at(-1)?.epoch ?? 0;
  return shown === last
    ? `Epoch ${shown} is its last; the slider stands at ${asked}.`
    : `Epoch ${shown} is the last before ${asked} whose weights it stored.`;
}

/** One slider over two runs. Each shows the epoch asked for, or the last before it that it has. */
export class LinkedEpochs implements EpochDriver {
  readonly #runs: readonly [LinkedResults, LinkedResults];
  readonly #player: EpochPlayer;
  #chosen = $state.raw<number | null>(null);
  readonly stops: readonly EpochStop[] = $derived.by(() =>
    unionStops(this.#runs[0].stops, this.#runs[1].stops),
  );

  constructor(one: LinkedResults, other: LinkedResults) {
    this.#runs = [one, other];
    this.#player = new EpochPlayer({
      stops: () => this.stops,
      epoch: () => this.epoch,
      moveTo: (epoch) => this.#moveTo(epoch),
      settled: () => Promise.all(this.#runs.map((run) => run.settled())),
    });
  }

  /** The epoch chosen, or the later of those the runs ended with. */
  get epoch(): number {
    return this.#chosen ?? Math.max(...this.#runs.map((run) => run.epoch));
  }

  get playing(): boolean {
    return this.#player.playing;
  }

  get over(): boolean {
    return this.#runs.every((run) => run.over);
  }

  get following(): boolean {
    return this.#runs.some((run) => run.following);
  }

  choose(epoch: number): void {
    this.pause();
    this.#moveTo(epoch);
  }

  moveBy(steps: number): void {
    this.choose(stopAfter(this.stops, this.epoch, steps));
  }

  play(): Promise<void> {
    return this.#player.play();
  }

  pause(): void {
    this.#player.pause();
  }

  /** Those that still train are followed; the slider is then at the newest epoch. */
  setFollowing(following: boolean): void {
    this.pause();
    this.#chosen = null;
    for (const run of this.#runs) if (!run.over) run.setFollowing(following);
  }

  #moveTo(epoch: number): void {
    this.#chosen = epoch;
    for (const run of this.#runs) run.choose(clampedEpoch(run.stops, epoch));
  }
}
