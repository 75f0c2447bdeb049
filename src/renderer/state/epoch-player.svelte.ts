import type { EpochStop } from './run-results-epochs.ts';

/** How long each epoch is shown while playing, at least, and how many are shown of a long run, at most. */
const FRAME_MS = 350;
const MOST_FRAMES = 60;

/** What a slider of epochs moves: a run's results, or two runs' together. */
export interface EpochDriver {
  readonly stops: readonly EpochStop[];
  /** Number of the epoch looked at. */
  readonly epoch: number;
  readonly playing: boolean;
  /** Nothing more will be trained. */
  readonly over: boolean;
  /** Moves on with every epoch that is stored while it trains. */
  readonly following: boolean;
  choose(epoch: number): void;
  moveBy(steps: number): void;
  play(): Promise<void>;
  pause(): void;
  setFollowing(following: boolean): void;
}

/** What a film of epochs is made of. */
export interface PlayedEpochs {
  stops(): readonly EpochStop[];
  epoch(): number;
  moveTo(epoch: number): void;
  /** Resolves when the epoch moved to is shown. */
  settled(): Promise<unknown>;
}

/** Shows stored epochs one after the other. */
export class EpochPlayer {
  playing = $state(false);
  readonly #shown: PlayedEpochs;

  constructor(shown: PlayedEpochs) {
    this.#shown = shown;
  }

  pause(): void {
    this.playing = false;
  }

  /** Plays the stored epochs (of many an even share) to the last, from the first again where it stands at the end. */
  async play(): Promise<void> {
    const shown = this.#shown;
    if (this.playing) return;
    if (shown.stops().at(-1)?.epoch === shown.epoch()) shown.moveTo(shown.stops()[0]?.epoch ?? 0);
    this.playing = true;
    const stride = Math.ceil(shown.stops().length / MOST_FRAMES);
    while (await this.#frame()) this.#step(stride);
  }

  #step(stride: number): void {
    const stops = this.#shown.stops();
    const last = stops.length - 1;
    const index = stops.findIndex((stop) => stop.epoch === this.#shown.epoch());
    if (index === last) this.playing = false;
    else this.#shown.moveTo(stops[Math.min(index + stride, last)]?.epoch ?? 0);
  }

  /** Waits until the epoch shown has been seen; false when playing has ended meanwhile. */
  async #frame(): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    await this.#shown.settled();
    return this.playing;
  }
}

/** The stop so many places on, within the ends. */
export function stopAfter(stops: readonly EpochStop[], epoch: number, steps: number): number {
  const index = stops.findIndex((stop) => stop.epoch === epoch);
  const to = Math.max(0, Math.min(stops.length - 1, index + steps));
  return stops[to]?.epoch ?? 0;
}
