import type { Artifact } from '../../shared/schema/artifact.ts';
import type { Host } from '../host/host.ts';
import { checkpointOf, epochRecord, sampleProvenance } from '../store/store-test-kit.ts';
import {
  trainerCommand,
  type TrainerCommand,
  type TrainerEvent,
  type TrainingJob,
} from '../training/events.ts';
import { FixtureProcess } from './fixture-process.ts';

/** A trainer that does what a test says, in place of a process. */
export class FixtureTrainer extends FixtureProcess<TrainerCommand, TrainerEvent> {
  constructor(pid: number) {
    super(pid, (message) => trainerCommand.parse(message));
  }

  get job(): TrainingJob {
    const start = this.commands.find((command) => command.kind === 'start');
    if (start === undefined) throw new Error('no job was sent');
    return start.job;
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
