import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError, toWireError } from '../../../shared/ipc/errors.ts';
import type { EngineOptions } from '../../../shared/schema/engine.ts';
import type { SearchSpec } from '../../../shared/schema/search.ts';
import type { FoldResult, StudyId, StudyState } from '../../../shared/schema/study.ts';
import type { Host, HostedProcess } from '../../host/host.ts';
import { StudyJudge, knownTrials } from '../../search/judge.ts';
import { memberKey, netKey, type StudyMember } from '../../search/member.ts';
import { createSampler } from '../../search/samplers/index.ts';
import { countPoints } from '../../search/space.ts';
import { measureEvery } from '../../search/pruners.ts';
import { StudyPlan, type FaultyTrial } from '../../search/study-plan.ts';
import type { OpenStore } from '../../store/open-store.ts';
import {
  searcherEvent,
  type MemberOutcome,
  type SearcherCommand,
  type SearcherEvent,
} from '../../training/population/member-jobs.ts';
import type { Publish } from '../surroundings.ts';
import { createThrottle } from '../throttle.ts';
import { LostNets } from './lost-nets.ts';
import { trialEvents } from './trial-events.ts';

const PROGRESS_MS = 250;
const ALL = 1_000_000;

export interface LiveStudySurroundings {
  readonly store: OpenStore;
  readonly host: Host;
  readonly publish: Publish;
  readonly engine: EngineOptions;
  readonly workers: number;
  readonly cacheDirectory: string;
  readonly datasetDirectory: string;
  /** Of this process's work on the study alone; made and removed here. */
  readonly scratchDirectory: string;
  /** Examples that are not of the test part. */
  readonly available: number;
  /** Epochs between two points of the nets' curves, where it is not the pruner that says it. */
  readonly measureEvery?: number;
  readonly onEnd: (state: StudyState) => void;
  /** What came could not be stored, or the study is another process's now; the searchers are gone. */
  readonly onFault: (error: unknown) => void;
}

/** A searcher process and the nets it has. */
interface Worker {
  readonly process: HostedProcess;
  readonly members: Map<string, StudyMember>;
}

type Outcome = Omit<MemberOutcome, 'key'>;

/** A net and what came of it. */
interface EndedNet {
  readonly member: StudyMember;
  readonly outcome: Outcome;
}

/** Of a net that takes its searcher down. */
const PROCESS_LOST: Outcome = {
  state: 'failed',
  epochs: 0,
  values: [],
  curve: [],
  durationMs: 0,
  failure: {
    code: 'process-lost',
    message:
      'search: the process that trained this net alone was ended, as those that had it before, perhaps for lack of memory; train smaller nets',
    details: {},
  },
};

/**
 * A study at work: hands nets to its searcher processes, stores what comes of them before any door hears of it, and
 * ends when all is done. What a searcher had not told when it died is trained again.
 */
export class LiveStudy {
  readonly id: StudyId;
  readonly #surroundings: LiveStudySurroundings;
  readonly #search: SearchSpec;
  readonly #plan: StudyPlan;
  readonly #judge: StudyJudge;
  readonly #workers = new Set<Worker>();
  readonly #lost = new LostNets();
  readonly #progress = createThrottle<null>(PROGRESS_MS, () => this.#tellProgress());
  readonly #startMs = performance.now();
  readonly #usedMs: number;
  #steps = 0;
  #netsEnded = 0;
  #over = false;

  /** Begins or goes on with a study that is stored as running. */
  constructor(id: StudyId, surroundings: LiveStudySurroundings) {
    const { studies } = surroundings.store;
    const { experiment, summary } = studies.getDetail(id);
    const search = experiment.search!;
    this.id = id;
    this.#search = search;
    this.#surroundings = surroundings;
    this.#usedMs = summary.durationMs;
    const stored = { trials: studies.trials(id, 0, ALL), folds: studies.folds(id, null) };
    this.#judge = new StudyJudge(search.pruner, search.objective);
    this.#judge.restore(stored.trials, stored.folds);
    const sampler = createSampler(search, summary.seed);
    const { available } = surroundings;
    const { seed, trialsPlanned } = summary;
    const mostTrials = search.sampler.kind === 'grid' ? countPoints(search.parameters) : null;
    this.#plan = new StudyPlan(
      { experiment, search, seed, sampler, trialsPlanned, mostTrials, available },
      stored,
    );
    mkdirSync(surroundings.scratchDirectory, { recursive: true });
    this.#tellFaulty(this.#plan.resume());
  }

  /** Time spent working, those before included. */
  get durationMs(): number {
    return this.#usedMs + performance.now() - this.#startMs;
  }

  /** Fills the searchers; call once, and after {@link extend}. */
  work(): void {
    while (!this.#over && this.#workers.size < this.#surroundings.workers) {
      if (!this.#drawIfNeeded()) break;
      this.#launch();
    }
    if (this.#workers.size === 0 && this.#isDone) this.#end('finished');
  }

  extend(trials: number): void {
    this.#plan.extend(trials);
    this.work();
  }

  /** Ends the searchers at once; what they have not told is trained again later. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#progress.cancel();
    for (const { process } of this.#workers) process.kill();
    rmSync(this.#surroundings.scratchDirectory, { recursive: true, force: true });
  }

  get #isDone(): boolean {
    return this.#plan.waiting === 0 && this.#plan.left === 0;
  }

  /** Is there a net to hand out? Draws trials where none waits. */
  #drawIfNeeded(): boolean {
    while (this.#plan.waiting === 0 && this.#plan.left > 0) {
      const { studies } = this.#surroundings.store;
      const trials = this.#plan.draw(1, () =>
        knownTrials(studies.trials(this.id, 0, ALL), this.#search.objective),
      );
      studies.addTrials(this.id, trials);
      this.#tellFaulty(this.#plan.queue(trials.map(({ number }) => number)));
      this.#publishTrials(trials.map(({ number }) => number));
    }
    return this.#plan.waiting > 0;
  }

  #launch(): void {
    const process = this.#surroundings.host.launch('searcher', {});
    const worker: Worker = { process, members: new Map() };
    this.#workers.add(worker);
    process.onMessage((message) => this.#attempt(() => this.#hear(worker, searcherEvent.parse(message))));
    process.onExit(() => this.#attempt(() => this.#lose(worker)));
    this.#assign(worker);
  }

  /** The next nets for a searcher; it ends where there are none. */
  #assign(worker: Worker): void {
    if (this.#over) return;
    const pack = this.#drawIfNeeded() ? this.#plan.take() : null;
    if (pack === null) {
      this.#workers.delete(worker);
      worker.process.end();
      if (this.#workers.size === 0 && this.#isDone) this.#end('finished');
      return;
    }
    for (const member of pack.members) worker.members.set(memberKey(member), member);
    this.#send(worker, { kind: 'train', batch: this.#batchOf(pack.members) });
  }

  #batchOf(members: readonly StudyMember[]): Extract<SearcherCommand, { kind: 'train' }>['batch'] {
    const { engine, cacheDirectory, datasetDirectory, scratchDirectory } = this.#surroundings;
    const { objective, secondObjective } = this.#search;
    return {
      members: members.map((member) => ({
        key: memberKey(member),
        experiment: member.experiment,
        seed: member.seed,
      })),
      objectives: secondObjective === null ? [objective] : [objective, secondObjective],
      measureEvery: this.#surroundings.measureEvery ?? measureEvery(this.#search),
      engine,
      cacheDirectory,
      datasetDirectory,
      scratchDirectory: join(scratchDirectory, 'nets'),
    };
  }

  #send({ process }: Worker, command: SearcherCommand): void {
    process.send(command);
  }

  /** What fails ends the work, not the studio. */
  #attempt(act: () => void): void {
    if (this.#over) return;
    try {
      act();
    } catch (error) {
      this.stop();
      this.#surroundings.onFault(error);
    }
  }

  #hear(worker: Worker, event: SearcherEvent): void {
    if (this.#over) return;
    switch (event.kind) {
      case 'steps':
        this.#steps += event.steps;
        this.#progress.push(null);
        return;
      case 'measured':
        this.#judgeCurves(worker, event.measures);
        return;
      case 'ended':
        this.#take(worker, event.outcomes);
        return;
      case 'done':
        this.#assign(worker);
        return;
      default:
        event satisfies never;
    }
  }

  #judgeCurves(worker: Worker, measures: Extract<SearcherEvent, { kind: 'measured' }>['measures']): void {
    if (!this.#judge.isActive) return;
    const known = measures.flatMap(({ key, epoch, value }) => {
      const member = worker.members.get(key);
      if (member === undefined) return [];
      const { epochs } = member.experiment.training;
      return [{ trial: member.trial, net: netKey(member), epoch, value, epochs }];
    });
    this.#prune(this.#judge.measure(known));
  }

  /** Ends trials: nets that wait are dropped; those that train end, of a population when it is measured next. */
  #prune(trials: readonly number[]): void {
    if (trials.length === 0) return;
    const { studies } = this.#surroundings.store;
    const running = trials.filter((trial) => !this.#plan.isClosed(trial));
    if (running.length > 0) this.#checkOwner();
    for (const trial of running) {
      this.#plan.close(trial);
      this.#judge.finishTrial(trial, 'pruned');
      studies.setTrialState(this.id, trial, 'pruned');
    }
    const unwanted = new Set(trials);
    for (const worker of this.#workers) {
      const keys = [...worker.members].flatMap(([key, { trial }]) => (unwanted.has(trial) ? [key] : []));
      if (keys.length > 0) this.#send(worker, { kind: 'prune', keys });
    }
    this.#publishTrials(running);
  }

  /** Takes what came of a searcher's nets. */
  #take({ members }: Worker, outcomes: readonly MemberOutcome[]): void {
    const ended = outcomes.flatMap(({ key, ...outcome }) => {
      const member = members.get(key);
      members.delete(key);
      return member === undefined ? [] : [{ member, outcome }];
    });
    this.#store(ended);
  }

  /** Stores results, then tells of them, then drops the nets of trials that have ended by them. */
  #store(ended: readonly EndedNet[]): void {
    if (ended.length === 0) return;
    this.#checkOwner();
    const results = ended.map(({ member, outcome }) => ({ member, result: resultOf(member, outcome) }));
    const trials = this.#surroundings.store.studies.addFolds(
      this.id,
      results.map(({ member, result }) => ({ trial: member.trial, result })),
    );
    this.#netsEnded += results.length;
    for (const { member } of results) this.#plan.finish(member);
    for (const { number, state } of trials) {
      if (state === 'running' || state === 'waiting') continue;
      this.#judge.finishTrial(number, state);
      this.#plan.close(number);
    }
    const unwanted = results.filter(({ member, result }) =>
      this.#judge.finishNet(member.trial, netKey(member), result.values[0] ?? null),
    );
    this.#publishTrials(trials.map(({ number }) => number));
    this.#prune(unwanted.map(({ member }) => member.trial));
    this.#progress.push(null);
  }

  /** A process that hung so long that another one took the study over must not store beside it. */
  #checkOwner(): void {
    if (this.#surroundings.store.studies.isOwnedBy(this.id, process.pid)) return;
    throw new StudioError(
      'conflict',
      `search ${this.id}: another process goes on with it; this one has stopped`,
    );
  }

  /** A searcher has ended; the nets it had go back, those that took it down are failed. */
  #lose(worker: Worker): void {
    if (this.#over || !this.#workers.delete(worker)) return;
    const { together, alone, faulty } = this.#lost.judge([...worker.members.values()]);
    worker.members.clear();
    this.#plan.giveBack(together);
    this.#plan.giveBack(alone, true);
    this.#store(faulty.map((member) => ({ member, outcome: PROCESS_LOST })));
    this.work();
  }

  #tellFaulty(faulty: readonly FaultyTrial[]): void {
    for (const { trial, error } of faulty) {
      this.#surroundings.store.studies.setTrialState(this.id, trial, 'failed', toWireError(error));
      this.#judge.finishTrial(trial, 'failed');
    }
  }

  #publishTrials(numbers: readonly number[]): void {
    if (numbers.length === 0) return;
    const { store, publish } = this.#surroundings;
    const changed = new Set(numbers);
    const first = Math.min(...changed);
    const trials = store.studies
      .trials(this.id, first, Math.max(...changed) - first + 1)
      .filter(({ number }) => changed.has(number));
    for (const event of trialEvents(this.id, trials)) publish('study.trials', event);
    publish('study.changed', store.studies.getSummary(this.id));
  }

  #tellProgress(): void {
    const { netsDone, netsPlanned, state } = this.#surroundings.store.studies.getSummary(this.id);
    const seconds = (performance.now() - this.#startMs) / 1_000;
    const perNet = this.#netsEnded > 0 ? seconds / this.#netsEnded : null;
    this.#surroundings.publish('study.progress', {
      studyId: this.id,
      state,
      netsDone,
      netsPlanned,
      stepsPerSecond: seconds > 0 ? this.#steps / seconds : 0,
      secondsLeft: perNet === null ? null : perNet * Math.max(0, netsPlanned - netsDone),
    });
  }

  #end(state: 'finished'): void {
    if (this.#over) return;
    this.#progress.flush();
    this.stop();
    this.#surroundings.onEnd(state);
  }
}

function resultOf({ fold, repeat, seed }: StudyMember, outcome: Outcome): FoldResult {
  return { fold, repeat, seed, ...outcome };
}
