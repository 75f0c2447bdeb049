import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRunning, waitUntil } from './studio-process.ts';
import { lostNets, studyDifferences } from './study-comparison.ts';
import { StudyHome, type StoredNets, type StoredStudy, type StudyCommand } from './study-home.ts';

/** How a study is killed. */
export interface KillStudyOptions {
  readonly kills: number;
  readonly trials: number;
  /** An empty folder; two histories are made in it. */
  readonly folder: string;
  readonly random: () => number;
  readonly report: (line: string) => void;
}

/** What is killed: one process, or all of them at once. Of each four kills every kind is one. */
const kinds = ['everything', 'studio', 'searcher', 'command line'] as const;
export type KillKind = (typeof kinds)[number];

/** What came of it. */
export interface KillStudyReport {
  readonly kills: Readonly<Record<KillKind, number>>;
  /** Results that were stored when a kill came, summed over all kills. */
  readonly storedAtKills: number;
  readonly faults: readonly string[];
}

/** A guess of the time from a start to its first result, until one has been seen. */
const FIRST_RESULT_MS = 5_000;
/** Lives are cut anywhere up to so many times that time. */
const LONGEST_LIFE = 1.8;
const POLL_MS = 50;

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

class StudyKiller {
  readonly kills: Record<KillKind, number> = { everything: 0, studio: 0, searcher: 0, 'command line': 0 };
  readonly faults: string[] = [];
  storedAtKills = 0;
  readonly #options: KillStudyOptions;
  readonly #home: StudyHome;
  #before: StoredNets = new Map();
  #firstResultMs = FIRST_RESULT_MS;
  /** When the life of the command line began that goes on now. */
  #storedAtStart = 0;
  #line: KillKind[] = [];

  constructor(options: KillStudyOptions, home: StudyHome) {
    this.#options = options;
    this.#home = home;
  }

  get done(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0);
  }

  /** Lets the study live and kills it again and again; what is stored at the end of it. */
  async run(): Promise<StoredStudy | null> {
    while (this.done < this.#options.kills) {
      const known = this.#home.read();
      if (known?.state === 'finished') break;
      await this.#live(known);
    }
    return this.#finish();
  }

  /** One life of the command line, in which more than one searcher may be killed. */
  async #live(known: StoredStudy | null): Promise<void> {
    const command = this.#home.goOn(known);
    this.#storedAtStart = known?.nets.size ?? 0;
    try {
      while (await this.#waitForTheMoment(command)) {
        const killed = await this.#kill(this.#nextKind(), command);
        if (killed !== 'searcher' || this.done >= this.#options.kills) return;
      }
      const code = await command.exited;
      if (code !== 0) this.faults.push(`it ended by itself with code ${String(code)}: ${command.errors}`);
    } finally {
      command.killAll();
      await command.exited;
    }
  }

  /**
   * Any moment from the start to some time after the first new result, however fast the machine is; on a fast one the
   * results are rationed, so that some are left for the kills to come. False where the command has ended by itself.
   */
  async #waitForTheMoment(command: StudyCommand): Promise<boolean> {
    const { random, trials, kills } = this.#options;
    const beganMs = performance.now();
    const lifeMs = random() * LONGEST_LIFE * this.#firstResultMs;
    const stored = this.#before.size;
    const ration = Math.max(1, (trials * 3 - stored) / (kills - this.done + 1));
    let isFirst = true;
    while (!command.hasExited) {
      const news = this.#home.countNets() - stored;
      const ageMs = performance.now() - beganMs;
      if (news > 0 && isFirst) this.#firstResultMs = (this.#firstResultMs + ageMs) / 2;
      isFirst &&= news === 0;
      if (ageMs >= lifeMs || news >= ration) return true;
      await wait(POLL_MS);
    }
    return false;
  }

  #nextKind(): KillKind {
    if (this.#line.length === 0) this.#line = [...kinds];
    const at = Math.floor(this.#options.random() * this.#line.length);
    return this.#line.splice(at, 1)[0]!;
  }

  /** What was killed in the end. */
  async #kill(kind: KillKind, command: StudyCommand): Promise<KillKind> {
    const { studio, searchers } = command;
    const one = { studio, searcher: searchers[0], 'command line': command.pid, everything: undefined }[kind];
    // Early in a life a process may not be there yet: then all that is there is killed.
    const killed = one === undefined ? 'everything' : kind;
    if (one === undefined) command.killAll();
    else kill(one);
    this.kills[killed] += 1;
    const when = `kill ${this.done} (${killed})`;
    await this.#checkEnds(killed, command, [studio, ...searchers], when);
    const after = this.#home.read();
    this.faults.push(...lostNets(this.#before, after?.nets ?? new Map(), when));
    this.#before = after?.nets ?? this.#before;
    this.storedAtKills += this.#before.size;
    this.#options.report(
      `${when}: ${this.#before.size} results stored, study ${after?.state ?? 'not begun'}`,
    );
    return killed;
  }

  /** What must end because of a kill does so by itself, and leaves a study that can be resumed. */
  async #checkEnds(
    kind: KillKind,
    command: StudyCommand,
    pids: readonly (number | undefined)[],
    when: string,
  ): Promise<void> {
    if (kind === 'searcher') return;
    const code = await command.exited;
    if (kind === 'studio' && (code === null || code === 0))
      this.faults.push(`${when}: the command line ended with code ${String(code)}: ${command.errors}`);
    for (const pid of pids) {
      if (pid === undefined) continue;
      await waitUntil(`${when}: process ${pid} has ended`, () => !isRunning(pid));
    }
    const found = this.#home.read();
    const wasAtWork = (found?.nets.size ?? 0) > this.#storedAtStart;
    if (kind === 'command line' && wasAtWork && found?.state === 'running')
      this.faults.push(`${when}: the studio ended and left the study running`);
  }

  async #finish(): Promise<StoredStudy | null> {
    const known = this.#home.read();
    if (known?.state !== 'finished') {
      const command = this.#home.goOn(known);
      const code = await command.exited;
      if (code !== 0) this.faults.push(`at the end: exit code ${String(code)}: ${command.errors}`);
    }
    const found = this.#home.read();
    this.faults.push(...lostNets(this.#before, found?.nets ?? new Map(), 'at the end'));
    return found;
  }
}

/**
 * Kills a study's processes at random moments, goes on with it each time, and compares what it came to with a study that
 * nobody disturbed: no stored result may be lost or changed, no net trained twice, no number differ.
 */
export async function killStudy(options: KillStudyOptions): Promise<KillStudyReport> {
  const { trials, folder, report } = options;
  const calm = new StudyHome(join(folder, 'calm'), trials);
  const untouched = calm.goOn(null);
  if ((await untouched.exited) !== 0) throw new Error(`the calm study failed: ${untouched.errors}`);
  report(`undisturbed: ${calm.read()?.nets.size ?? 0} results in ${calm.read()?.durationMs ?? 0} ms`);
  const killer = new StudyKiller(options, new StudyHome(join(folder, 'killed'), trials));
  const [found, expected] = [await killer.run(), calm.read()];
  const { kills, storedAtKills, faults } = killer;
  if (expected === null || found === null) return { kills, storedAtKills, faults: [...faults, 'no study'] };
  return { kills, storedAtKills, faults: [...faults, ...studyDifferences(expected, found)] };
}
