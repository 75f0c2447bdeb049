import { StudioError, toWireError } from '../../shared/ipc/errors.ts';
import { TrainingControls } from '../training/controls.ts';
import {
  trainerCommand,
  type TrainerCommand,
  type TrainerEvent,
  type TrainingJob,
} from '../training/events.ts';
import type { RunClock } from '../training/run-clock.ts';
import { runJob } from './run-job.ts';
import type { TrainerSurroundings } from './surroundings.ts';

/** Obeys the studio's commands for one run. Every way of ending but a kill is told by a last event. */
export class Trainer {
  readonly #surroundings: Omit<TrainerSurroundings, 'controls' | 'onClock'>;
  readonly #controls = new TrainingControls();
  #clock: RunClock | null = null;
  #started = false;
  #ended = false;

  constructor(surroundings: Omit<TrainerSurroundings, 'controls' | 'onClock'>) {
    this.#surroundings = surroundings;
  }

  /** Takes a message of the parent; resolves when what it asked for is over. */
  async receive(message: unknown): Promise<void> {
    const parsed = trainerCommand.safeParse(message);
    if (!parsed.success) {
      const found = parsed.error.issues
        .map(({ path, message: text }) => `${path.join('.')}: ${text}`)
        .join('; ');
      this.fail(
        new StudioError('invalid-input', `trainer: a command does not fit (${found}); update the program`),
      );
      return;
    }
    await this.#obey(parsed.data);
  }

  /** Ends the run with a failure; what happens after it is not told. */
  fail(thrown: unknown): void {
    if (this.#ended) return;
    if (!(thrown instanceof StudioError) && thrown instanceof Error) {
      const text = thrown.stack ?? thrown.message;
      this.#emit({ kind: 'log', line: { at: new Date().toISOString(), level: 'error', text } });
    }
    this.#emit({ kind: 'failed', failure: toWireError(thrown), durationMs: this.#clock?.durationMs ?? 0 });
    this.#ended = true;
  }

  #emit(event: TrainerEvent): void {
    if (!this.#ended) this.#surroundings.emit(event);
  }

  async #obey(command: TrainerCommand): Promise<void> {
    switch (command.kind) {
      case 'start':
        return this.#start(command.job);
      case 'pause': {
        this.#controls.ask('pause');
        return;
      }
      case 'resume': {
        this.#controls.ask('run');
        return;
      }
      case 'cancel': {
        this.#controls.ask('cancel');
        return;
      }
      default:
        command satisfies never;
    }
  }

  async #start(job: TrainingJob): Promise<void> {
    if (this.#started) {
      this.fail(new StudioError('conflict', 'trainer: a second job was sent; start one trainer per run'));
      return;
    }
    this.#started = true;
    try {
      await runJob(job, {
        ...this.#surroundings,
        emit: (event) => this.#emit(event),
        controls: this.#controls,
        onClock: (clock) => (this.#clock = clock),
      });
    } catch (error) {
      this.fail(error);
    }
  }
}
