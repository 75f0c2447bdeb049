import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { RunProgress } from '../../shared/schema/run.ts';
import type { StateTensor } from '../engine/engine.ts';
import type { CheckpointFiles } from './checkpoint-files.ts';
import type { TrainingPosition } from './checkpoint.ts';
import type { TrainingControls } from './controls.ts';
import type { TrainerEvent } from './events.ts';
import type { RunClock } from './run-clock.ts';
import { TimeSlices, type Slices } from './slices.ts';

/** What a run that trains no net works with; what it opens belongs to whoever opened it. */
export interface WorkSession {
  readonly runId: string;
  readonly seed: number;
  readonly files: CheckpointFiles;
  readonly controls: TrainingControls;
  readonly clock: RunClock;
  readonly emit: (event: TrainerEvent) => void;
}

/** How a piece of work tells where it is and lets itself be held up. */
export interface WorkProgress {
  /** Obeys the user between two slices; its `next` rejects when the run is cancelled. */
  readonly slices: Slices;
  /** At most ten times a second; `step` of the planned ones is done. */
  report(step: number, phase?: RunProgress['phase']): void;
}

/** What came out of a piece of work. */
export interface WorkOutcome {
  /** Numbers of the epoch, and those measured once at the end. */
  readonly points: readonly MetricPoint[];
  readonly finalPoints: readonly MetricPoint[];
  /** Stored as the epoch's checkpoint; null for none. */
  readonly state: readonly StateTensor[] | null;
  /** Training examples that were taken in; 0 for none. */
  readonly examples: number;
}

class Cancelled extends Error {}

const REPORT_MS = 100;

/** One run of {@link runSingleEpoch}. */
class SingleEpoch implements WorkProgress {
  readonly #session: WorkSession;
  readonly #plannedSteps: number;
  readonly slices: Slices = new TimeSlices(() => this.#obeyControls());
  #step = 0;
  #reportedAtMs = -Infinity;

  constructor(session: WorkSession, plannedSteps: number) {
    this.#session = session;
    this.#plannedSteps = plannedSteps;
  }

  report(step: number, phase: RunProgress['phase'] = 'training'): void {
    this.#step = step;
    if (performance.now() - this.#reportedAtMs < REPORT_MS) return;
    this.#reportedAtMs = performance.now();
    this.#send('running', phase);
  }

  async finish({ points, finalPoints, state, examples }: WorkOutcome): Promise<void> {
    const { clock, files, emit } = this.#session;
    const { durationMs } = clock;
    const checkpoint =
      state === null ? null : await files.write(files.epochPath(1), { position: this.#position(1), state });
    const examplesPerSecond = durationMs > 0 ? (1_000 * examples) / durationMs : 0;
    const step = this.#plannedSteps;
    const epoch = { epoch: 1, step, durationMs, examplesPerSecond, checkpoint, best: true };
    emit({ kind: 'epoch', epoch, points: [...points], durationMs });
    emit({ kind: 'finished', points: [...finalPoints], durationMs: clock.durationMs });
  }

  #position(epoch: number): TrainingPosition {
    const { seed, clock } = this.#session;
    return {
      seed,
      epoch,
      examplesTaken: 0,
      step: epoch === 0 ? 0 : this.#plannedSteps,
      sums: [],
      best: null,
      plateau: null,
      durationMs: clock.durationMs,
      epochMs: clock.epochMs,
      generator: 'philox4x32-10',
    };
  }

  #throwIfCancelled(): void {
    if (this.#session.controls.request === 'cancel') throw new Cancelled();
  }

  /** Waits through a pause. A process that ends in it begins the work anew: it has no half-way state worth storing. */
  async #obeyControls(): Promise<void> {
    this.#throwIfCancelled();
    const { controls, clock, emit, files } = this.#session;
    if (controls.request !== 'pause') return;
    clock.pause();
    const checkpoint = await files.write(files.pausePath(0), { position: this.#position(0), state: [] });
    emit({ kind: 'paused', step: 0, checkpoint, durationMs: clock.durationMs });
    this.#send('paused', 'training');
    await controls.untilResumed();
    this.#throwIfCancelled();
    clock.resume();
    emit({ kind: 'resumed' });
  }

  #send(state: RunProgress['state'], phase: RunProgress['phase']): void {
    const stepsPlanned = this.#plannedSteps;
    const { durationMs } = this.#session.clock;
    const secondsLeft =
      this.#step > 0 ? (durationMs / 1_000 / this.#step) * (stepsPlanned - this.#step) : null;
    this.#session.emit({
      kind: 'progress',
      progress: {
        runId: this.#session.runId,
        state,
        phase,
        epoch: 1,
        epochsPlanned: 1,
        step: this.#step,
        stepsPlanned,
        examplesPerSecond: 0,
        secondsLeft,
        trainLoss: null,
        trainAccuracy: null,
      },
    });
  }
}

/**
 * Runs a piece of work that is no training by epochs, and tells it as one epoch; the last event is `finished` or
 * `cancelled`.
 * @param plannedSteps steps that the work will report
 * @throws StudioError `disk-full` where the checkpoint cannot be written, and whatever the work throws
 */
export async function runSingleEpoch(
  session: WorkSession,
  plannedSteps: number,
  work: (progress: WorkProgress) => Promise<WorkOutcome>,
): Promise<void> {
  const { clock, emit } = session;
  const epoch = new SingleEpoch(session, plannedSteps);
  clock.resume();
  try {
    epoch.report(0);
    await epoch.slices.next();
    const outcome = await work(epoch);
    await epoch.slices.next();
    await epoch.finish(outcome);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    emit({ kind: 'cancelled', durationMs: clock.durationMs });
  }
}
