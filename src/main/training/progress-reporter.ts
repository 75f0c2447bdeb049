import type { RunProgress } from '../../shared/schema/run.ts';
import { RateMeter } from './rate-meter.ts';
import type { RunCursor } from './run-cursor.ts';
import type { TrainingSession } from './session.ts';

/** At most ten reports a second. */
const INTERVAL_MS = 100;
/** Where epochs are this long, every change of phase is told: there are few of them. */
const LONG_EPOCH_MS = 1_000;

/** Tells how far the run is, often enough to watch and seldom enough to cost nothing. */
export class ProgressReporter {
  readonly #session: TrainingSession;
  readonly #cursor: RunCursor;
  readonly #rate = new RateMeter();
  readonly #accuracyIndex: number;
  #reportedAtMs = -Infinity;

  constructor(session: TrainingSession, cursor: RunCursor) {
    this.#session = session;
    this.#cursor = cursor;
    this.#accuracyIndex = session.prepared.measures.findIndex(({ name }) => name === 'accuracy');
  }

  /** After a call: reports when the last report is long enough ago. */
  took(examples: number): void {
    this.#rate.add(examples);
    if (performance.now() - this.#reportedAtMs >= INTERVAL_MS) this.#send('running', 'training');
  }

  /** Before evaluating or saving. */
  enter(phase: 'evaluating' | 'saving'): void {
    const due = performance.now() - this.#reportedAtMs >= INTERVAL_MS;
    if (due || this.#session.clock.epochMs >= LONG_EPOCH_MS) this.#send('running', phase);
  }

  paused(): void {
    this.#send('paused', 'training');
  }

  /** After anything that was not training, so that the rate does not count it. */
  backToTraining(): void {
    this.#rate.restart();
  }

  #value(index: number): number | null {
    const measure = this.#session.prepared.measures[index];
    return measure === undefined ? null : this.#cursor.sums.value(index, measure);
  }

  #send(state: RunProgress['state'], phase: RunProgress['phase']): void {
    this.#reportedAtMs = performance.now();
    const { prepared, runId, emit } = this.#session;
    const { epochs, batchSize } = prepared.experiment.training;
    const stepsPlanned = prepared.stepsPerEpoch * epochs;
    const { examplesPerSecond } = this.#rate;
    const examplesLeft = Math.max(0, stepsPlanned - this.#cursor.step) * batchSize;
    emit({
      kind: 'progress',
      progress: {
        runId,
        state,
        phase,
        epoch: Math.min(this.#cursor.epoch + 1, epochs),
        epochsPlanned: epochs,
        step: this.#cursor.step,
        stepsPlanned,
        examplesPerSecond,
        secondsLeft: examplesPerSecond > 0 ? examplesLeft / examplesPerSecond : null,
        trainLoss: this.#value(0),
        trainAccuracy: this.#value(this.#accuracyIndex),
      },
    });
  }
}
