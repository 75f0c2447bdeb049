import type { Artifact } from '../../shared/schema/artifact.ts';
import type { Host, HostedProcess } from '../host/host.ts';
import { checkpointOf, epochRecord, sampleProvenance } from '../store/store-test-kit.ts';
import {
  trainerCommand,
  type TrainerCommand,
  type TrainerEvent,
  type TrainingJob,
} from '../training/events.ts';

type Exit = { code: number | null; signal: string | null };

/** A trainer that does what a test says, in place of a process. Commands are parsed as the real one's are. */
export class FixtureTrainer implements HostedProcess {
  readonly pid: number;
  readonly commands: TrainerCommand[] = [];
  ended = false;
  #exit: Exit | null = null;
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #exits = new Set<(exit: Exit) => void>();

  constructor(pid: number) {
    this.pid = pid;
  }

  get job(): TrainingJob {
    const start = this.commands.find((command) => command.kind === 'start');
    if (start === undefined) throw new Error('no job was sent');
    return start.job;
  }

  send(message: unknown): void {
    this.commands.push(trainerCommand.parse(message));
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  onExit(listener: (exit: Exit) => void): () => void {
    if (this.#exit !== null) listener(this.#exit);
    this.#exits.add(listener);
    return () => this.#exits.delete(listener);
  }

  end(): void {
    this.exit({ code: 0, signal: null });
  }

  kill(): void {
    this.exit({ code: null, signal: 'SIGKILL' });
  }

  exit(exit: Exit): void {
    if (this.ended) return;
    this.ended = true;
    this.#exit = exit;
    for (const listener of this.#exits) listener(exit);
  }

  /** Sends anything, also what a trainer never would. */
  say(message: unknown): void {
    for (const listener of this.#messages) listener(message);
  }

  emit(event: TrainerEvent): void {
    this.say(event);
  }

  started(change: Partial<typeof sampleProvenance> = {}, preprocessing: Artifact | null = null): void {
    const provenance = { ...sampleProvenance, ...change };
    this.emit({ kind: 'started', provenance, preprocessing, compileMs: 1 });
  }

  epoch(epoch: number, devLoss = 1 / epoch): void {
    const record = epochRecord(this.job.runId, epoch, devLoss);
    this.emit({ kind: 'epoch', ...record, points: [...record.points] });
  }

  paused(step: number): void {
    this.emit({ kind: 'paused', step, checkpoint: checkpointOf(this.job.runId, step), durationMs: step });
  }

  finish(): void {
    this.emit({ kind: 'finished', points: [], durationMs: 500 });
  }
}

/** A host whose trainers are {@link FixtureTrainer}s, in the order of their launch. */
export class FixtureHost implements Host {
  readonly kind = 'node-child';
  readonly trainers: FixtureTrainer[] = [];

  launch(): FixtureTrainer {
    const trainer = new FixtureTrainer(1000 + this.trainers.length);
    this.trainers.push(trainer);
    return trainer;
  }

  /** The trainer launched as number `index`, from 0. */
  trainer(index: number): FixtureTrainer {
    const trainer = this.trainers[index];
    if (trainer === undefined) throw new Error(`only ${this.trainers.length} trainers were launched`);
    return trainer;
  }
}
