import type { InstallProgress } from '../../../shared/schema/engine.ts';

type Phase = InstallProgress['phase'];

const MESSAGES: Readonly<Record<Phase, string>> = {
  download: 'Fetching TensorFlow by pip',
  unpack: 'Unpacking the libraries',
  check: 'Checking the libraries',
  done: 'TensorFlow is ready',
  failed: 'The install failed',
  cancelled: 'The install was cancelled',
};

/** Times between two reports of one phase. */
const REPORT_MS = 100;

/** Turns byte counts into progress with rate and time left. */
export class ProgressReporter {
  readonly #onProgress: (progress: InstallProgress) => void;
  #phase: Phase = 'download';
  #totalBytes = 0;
  #startMs = 0;
  #lastMs = 0;

  constructor(onProgress: (progress: InstallProgress) => void) {
    this.#onProgress = onProgress;
  }

  /** Begins a phase of a known size. */
  begin(phase: Phase, totalBytes: number): void {
    this.#phase = phase;
    this.#totalBytes = totalBytes;
    this.#startMs = performance.now();
    this.#lastMs = -Infinity;
    this.update(0);
  }

  /** Bytes done in this phase so far. */
  update(bytes: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#lastMs < REPORT_MS && bytes < this.#totalBytes) return;
    this.#lastMs = nowMs;
    const doneBytes = Math.min(bytes, this.#totalBytes);
    const seconds = (nowMs - this.#startMs) / 1_000;
    const bytesPerSecond = seconds > 0 ? doneBytes / seconds : 0;
    const secondsLeft = bytesPerSecond > 0 ? (this.#totalBytes - doneBytes) / bytesPerSecond : null;
    this.#onProgress({
      phase: this.#phase,
      doneBytes,
      totalBytes: this.#totalBytes,
      bytesPerSecond,
      secondsLeft,
      message: MESSAGES[this.#phase],
    });
  }

  /** Ends the install. */
  end(phase: 'done' | 'failed' | 'cancelled', message = MESSAGES[phase]): void {
    const doneBytes = phase === 'done' ? this.#totalBytes : 0;
    this.#onProgress({
      phase,
      doneBytes,
      totalBytes: this.#totalBytes,
      bytesPerSecond: 0,
      secondsLeft: phase === 'done' ? 0 : null,
      message,
    });
  }
}
