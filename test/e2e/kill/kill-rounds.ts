import { join } from 'node:path';
import type { RunDetail, RunId, RunState } from '../../../src/shared/schema/run.ts';
import { Acknowledged, differences, integrityOf } from './acknowledged.ts';
import { childPids, isRunning, startStudio, waitUntil, type StudioProcess } from './studio-process.ts';
import { isOver, trainUntouched, watchStates, type TrainingOptions } from './untouched.ts';

export interface KillOptions extends TrainingOptions {
  readonly kills: number;
  /** An empty folder for the two histories. */
  readonly folder: string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly report: (line: string) => void;
}

export interface KillReport {
  readonly trainerKills: number;
  readonly studioKills: number;
  /** Epochs whose storing a door was told of. */
  readonly acknowledgedEpochs: number;
  /** What went wrong; empty when nothing was lost and all numbers are the same, bit for bit. */
  readonly faults: string[];
}

/** The run between two kills: at most this long after it trains again. */
const LONGEST_LIFE_MS = 700;
/** Kills that do not wait for an epoch. */
const EARLY_SHARE = 0.15;

/**
 * Trains one run to its end untouched, and a second one whose trainer or studio is killed (SIGKILL) at random moments
 * and which is resumed each time; then compares them. Checks the history after every kill.
 */
export async function killAndCompare(options: KillOptions): Promise<KillReport> {
  const reference = await trainUntouched(join(options.folder, 'untouched'), options);
  options.report(`untouched: ${reference.epochs.length} epochs, state ${reference.summary.state}`);
  const session = new KillSession(options);
  const killed = await session.run();
  const faults = [...session.faults, ...differences(reference, killed)];
  if (killed.epochs.length !== reference.epochs.length)
    faults.push('the runs have different numbers of epochs');
  return {
    trainerKills: session.trainerKills,
    studioKills: session.studioKills,
    acknowledgedEpochs: session.acknowledged.epochs.size,
    faults,
  };
}

/** One run through many kills. */
class KillSession {
  readonly acknowledged = new Acknowledged();
  readonly faults: string[] = [];
  trainerKills = 0;
  studioKills = 0;
  readonly #options: KillOptions;
  readonly #home: string;
  #studio: StudioProcess;
  #states: Map<RunId, RunState>;
  #runId: RunId = '';

  constructor(options: KillOptions) {
    this.#options = options;
    this.#home = join(options.folder, 'killed');
    this.#studio = startStudio(this.#home);
    this.#states = watchStates(this.#studio);
    this.acknowledged.listenTo(this.#studio.client);
  }

  async run(): Promise<RunDetail> {
    const { experiment, seed, engine, kills } = this.#options;
    const { runId } = await this.#studio.client.invoke('runs.start', { experiment, seed, engine });
    this.#runId = runId;
    for (let kill = 1; kill <= kills; kill++) {
      await this.#liveAWhile(kills - kill + 1);
      if (isOver(this.#states.get(runId))) break;
      await this.#killOne();
      await this.#check(kill);
      await this.#studio.client.invoke('runs.resume', { runId });
    }
    await waitUntil('the killed run ends', () => isOver(this.#states.get(runId)), 180_000);
    const detail = await this.#studio.client.invoke('runs.get', { runId });
    this.#studio.process.end();
    await this.#studio.exited;
    return detail;
  }

  /**
   * Some kills come while the trainer still loads, most once it trains again. On a fast machine the epochs are rationed,
   * so that some are left for the kills to come.
   */
  async #liveAWhile(killsLeft: number): Promise<void> {
    const { random, experiment } = this.#options;
    const seen = this.acknowledged.epochs.size;
    const ration = Math.floor((experiment.training.epochs - seen) / (killsLeft + 1));
    const isOverOr = (epochs: number): boolean =>
      isOver(this.#states.get(this.#runId)) || this.acknowledged.epochs.size - seen >= epochs;
    if (random() >= EARLY_SHARE) await waitUntil('an epoch more is stored', () => isOverOr(1));
    const killAtMs = Date.now() + random() * LONGEST_LIFE_MS;
    await waitUntil('the moment of the kill', () => Date.now() >= killAtMs || isOverOr(ration));
  }

  async #killOne(): Promise<void> {
    const studioPid = this.#studio.process.pid;
    const [trainer] = childPids(studioPid);
    if (trainer === undefined || this.#options.random() < 0.5) {
      this.studioKills += 1;
      process.kill(studioPid, 'SIGKILL');
      await this.#studio.exited;
      // The orphan ends itself; the run must not be trained twice.
      if (trainer !== undefined)
        await waitUntil('the orphaned trainer ends', () => !isRunning(trainer), 10_000);
      this.#studio = startStudio(this.#home);
      this.#states = watchStates(this.#studio);
      this.acknowledged.listenTo(this.#studio.client);
      await this.#studio.client.invoke('studio.notices', {});
      return;
    }
    this.trainerKills += 1;
    process.kill(trainer, 'SIGKILL');
    await waitUntil('the run is over or crashed', () => isOver(this.#states.get(this.#runId)));
  }

  async #check(kill: number): Promise<void> {
    const detail = await this.#studio.client.invoke('runs.get', { runId: this.#runId });
    const faults = this.acknowledged.missingFrom(detail);
    const integrity = integrityOf(join(this.#home, 'history.db'));
    if (integrity !== 'ok') faults.push(`integrity_check says ${integrity}`);
    if (detail.summary.state !== 'crashed') faults.push(`the run is shown as ${detail.summary.state}`);
    const notices = await this.#studio.client.invoke('studio.notices', {});
    const offersResume = notices.some(
      ({ action }) => action?.kind === 'resume-run' && action.runId === this.#runId,
    );
    if (!offersResume) faults.push('no notice offers to resume it');
    this.faults.push(...faults.map((fault) => `after kill ${kill}: ${fault}`));
    this.#options.report(
      `kill ${kill}: ${detail.summary.state} after ${detail.epochs.length} epochs, ${this.acknowledged.epochs.size} acknowledged, integrity ${integrity}`,
    );
  }
}
