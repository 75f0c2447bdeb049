import { StudioError, toWireError } from '../../shared/ipc/errors.ts';
import type { RunFailure, RunId, RunProgress, RunSummary } from '../../shared/schema/run.ts';
import type { HostedProcess } from '../host/host.ts';
import type { OpenStore } from '../store/open-store.ts';
import {
  trainerEvent,
  type TrainerCommand,
  type TrainerEvent,
  type TrainingJob,
} from '../training/events.ts';
import type { Publish } from './surroundings.ts';
import { createThrottle, type Throttle } from './throttle.ts';

const PROGRESS_INTERVAL_MS = 100;
const SUMMARY_INTERVAL_MS = 250;
/** A trainer that has said its last word ends itself; after this long it is helped. */
const LAST_WORD_MS = 5_000;

/** What a live run needs of its studio. */
export interface LiveRunSurroundings {
  readonly store: OpenStore;
  readonly publish: Publish;
  /** Or are those that are neither the last nor the best to go when a run has ended? */
  readonly keepsAllCheckpoints: () => boolean;
}

/** What a live run tells its supervisor. */
export interface LiveRunListener {
  /** It paused (false) or trains again (true). */
  onTraining(isTraining: boolean): void;
  /** Called once, last. */
  onEnd(end: RunEnd): void;
}

/** How a run came to its end: settled in the store, or lost with its trainer. */
export type RunEnd =
  | { readonly kind: 'settled' }
  | { readonly kind: 'lost'; readonly reason: string; readonly failure?: RunFailure };

/** Failures that have nothing to do with the run itself: what was stored is sound and the run can be resumed. */
const resumableFailures: readonly string[] = ['disk-full', 'process-lost'];

/**
 * One run and the trainer process that trains it. Each of the trainer's events is stored before any door hears
 * of it, so what a door has seen is never lost.
 */
export class LiveRun {
  readonly id: RunId;
  readonly #process: HostedProcess;
  readonly #surroundings: LiveRunSurroundings;
  readonly #progress: Throttle<RunProgress>;
  readonly #changed: Throttle<RunSummary>;
  readonly #listener: LiveRunListener;
  #ended = false;
  /** Why the run cannot go on; its trainer has been killed and is about to be gone. */
  #failure: RunFailure | null = null;
  /** Spares a transaction per epoch where the run was never paused. */
  #mayHavePausePoint: boolean;

  /** Sends the job to a just launched trainer. */
  constructor(
    job: TrainingJob,
    process: HostedProcess,
    surroundings: LiveRunSurroundings,
    listener: LiveRunListener,
  ) {
    this.id = job.runId;
    this.#process = process;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#mayHavePausePoint = job.resume !== null;
    this.#progress = createThrottle(PROGRESS_INTERVAL_MS, (p) => surroundings.publish('run.progress', p));
    this.#changed = createThrottle(SUMMARY_INTERVAL_MS, (run) => surroundings.publish('run.changed', run));
    process.onMessage((message) => this.#receive(message));
    process.onExit(({ code, signal }) =>
      this.#onGone(`Its trainer process ended (${signal ?? `code ${code}`}).`),
    );
    this.send({ kind: 'start', job });
  }

  /** Asks something of the trainer; it acts between two calls of the program. */
  send(command: TrainerCommand): void {
    this.#process.send(command);
  }

  /** Ends the trainer at once; the run is then lost, and resumable. */
  kill(): void {
    this.#process.kill();
  }

  #receive(message: unknown): void {
    if (this.#ended || this.#failure !== null) return;
    try {
      const parsed = trainerEvent.safeParse(message);
      if (!parsed.success) throw unreadable(parsed.error.message);
      this.#handle(parsed.data);
    } catch (error) {
      this.#failure = toWireError(error);
      this.#process.kill();
    }
  }

  /** Lost only now, so that nothing writes for a run that is said to have crashed. */
  #onGone(reason: string): void {
    if (this.#ended) return;
    this.#surroundings.store.artifacts.removeHalfWritten(this.id);
    if (this.#failure === null) this.#lose(reason);
    else this.#lose(this.#failure.message, this.#failure);
  }

  #handle(event: TrainerEvent): void {
    const { runs } = this.#surroundings.store;
    switch (event.kind) {
      case 'started':
        return this.#onStarted(event);
      case 'progress':
        return this.#progress.push(event.progress);
      case 'epoch':
        return this.#onEpoch(event);
      case 'paused':
        return this.#onPaused(event);
      case 'resumed':
        this.#announce(runs.setState(this.id, 'running'));
        return this.#listener.onTraining(true);
      case 'log':
        runs.appendLog(this.id, [event.line]);
        return this.#surroundings.publish('run.log', { runId: this.id, line: event.line });
      case 'finished':
        runs.appendFinalPoints(this.id, event.points);
        return this.#settle(() => runs.setState(this.id, 'finished', { durationMs: event.durationMs }));
      case 'cancelled':
        return this.#settle(() => runs.setState(this.id, 'cancelled', { durationMs: event.durationMs }));
      case 'failed':
        return this.#onFailed(event);
      default:
        event satisfies never;
    }
  }

  /** A resumed run keeps what it was first made with. */
  #onStarted(event: Extract<TrainerEvent, { kind: 'started' }>): void {
    const { runs } = this.#surroundings.store;
    const { provenance, preprocessing } = runs.getDetail(this.id);
    if (provenance !== null) checkSameData(this.id, provenance, event.provenance);
    if (preprocessing === null && event.preprocessing !== null)
      runs.setPreprocessing(this.id, event.preprocessing);
    if (provenance === null) runs.setProvenance(this.id, event.provenance);
    this.#announce(runs.getSummary(this.id));
  }

  #onEpoch(event: Extract<TrainerEvent, { kind: 'epoch' }>): void {
    const { runs } = this.#surroundings.store;
    const { epoch, points, durationMs } = event;
    // Resumed from a checkpoint before the last stored epoch, a trainer repeats epochs to the same numbers.
    if (epoch.epoch <= runs.getSummary(this.id).epochsDone) return;
    const summary = runs.appendEpoch(this.id, { epoch, points, durationMs });
    this.#dropPausePoint();
    this.#surroundings.publish('run.epoch', {
      runId: this.id,
      epoch,
      points: points.map(({ split, metric, value }) => ({ split, metric, value })),
    });
    this.#changed.push(summary);
  }

  #onPaused(event: Extract<TrainerEvent, { kind: 'paused' }>): void {
    const { runs } = this.#surroundings.store;
    const { step, checkpoint, durationMs } = event;
    const replaced = runs.setPausePoint(this.id, { step, checkpoint, durationMs });
    this.#mayHavePausePoint = true;
    if (replaced !== null && replaced.path !== checkpoint.path) this.#remove([replaced]);
    this.#progress.flush();
    this.#announce(runs.setState(this.id, 'paused', { durationMs }));
    this.#listener.onTraining(false);
  }

  #onFailed({ failure, durationMs }: Extract<TrainerEvent, { kind: 'failed' }>): void {
    if (resumableFailures.includes(failure.code)) {
      this.#lose(failure.message, failure);
      this.#endTrainer();
      return;
    }
    this.#settle(() => this.#surroundings.store.runs.setState(this.id, 'failed', { failure, durationMs }));
  }

  /** The epoch that was just stored is newer than a pause before it. */
  #dropPausePoint(): void {
    if (!this.#mayHavePausePoint) return;
    this.#mayHavePausePoint = false;
    const replaced = this.#surroundings.store.runs.setPausePoint(this.id, null);
    if (replaced !== null) this.#remove([replaced]);
  }

  #settle(storeEnd: () => RunSummary): void {
    this.#dropPausePoint();
    const summary = storeEnd();
    this.#ended = true;
    this.#releaseCheckpoints();
    this.#progress.flush();
    this.#announce(summary);
    this.#finish({ kind: 'settled' });
    this.#endTrainer();
  }

  /** The run has ended well and stays so, even where a full disk keeps its checkpoints from being released. */
  #releaseCheckpoints(): void {
    if (this.#surroundings.keepsAllCheckpoints()) return;
    try {
      this.#remove(this.#surroundings.store.runs.releaseCheckpoints(this.id));
    } catch {
      // They cost space only; purging the run removes them.
    }
  }

  #endTrainer(): void {
    this.#process.end();
    const timer = setTimeout(() => this.#process.kill(), LAST_WORD_MS);
    this.#process.onExit(() => clearTimeout(timer));
  }

  #lose(reason: string, failure?: RunFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish({ kind: 'lost', reason, failure });
  }

  #finish(end: RunEnd): void {
    this.#progress.cancel();
    this.#changed.cancel();
    this.#listener.onEnd(end);
  }

  #announce(summary: RunSummary): void {
    this.#changed.push(summary);
    this.#changed.flush();
  }

  /** A file that stays behind costs space only; purging the run removes it. */
  #remove(artifacts: Parameters<OpenStore['artifacts']['remove']>[0]): void {
    this.#surroundings.store.artifacts.remove(artifacts).catch(() => undefined);
  }
}

function unreadable(reason: string): StudioError {
  return new StudioError('internal', `Trainer: sent a message that does not fit (${reason}).`);
}

/** @throws StudioError 'conflict' when a resumed run would go on with other examples than it began with */
function checkSameData(
  id: RunId,
  before: { readonly dataSha256: string; readonly splitSha256: string },
  now: { readonly dataSha256: string; readonly splitSha256: string },
): void {
  if (before.dataSha256 === now.dataSha256 && before.splitSha256 === now.splitSha256) return;
  throw new StudioError(
    'conflict',
    `Run ${id}: the examples are not those it began with, so it cannot continue to the same numbers. Start it again.`,
  );
}
