import type { Experiment } from '../../shared/schema/experiment.ts';
import type { SearchSpec } from '../../shared/schema/search.ts';
import type { SearchPoint, TrialFold, TrialSummary } from '../../shared/schema/study.ts';
import { memberKey, type StudyMember } from './member.ts';
import { membersOf } from './members.ts';
import type { KnownTrial, Sampler } from './sampler.ts';
import { WaitingLine } from './waiting-line.ts';

/** Trials drawn ahead of a sampler that does not learn from results. */
const DRAWN_AHEAD = 1_000;

/** Nets of one kind for one searcher. */
export interface MemberPack {
  readonly members: readonly StudyMember[];
}

export interface StudyPlanOptions {
  readonly experiment: Experiment;
  readonly search: SearchSpec;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly trialsPlanned: number;
  /** Points there are, where each is trained once; null for no limit. */
  readonly mostTrials: number | null;
  /** Examples that are not of the test part. */
  readonly available: number;
}

/** A point that makes no valid experiment: its trial has failed before it began. */
export interface FaultyTrial {
  readonly trial: number;
  readonly error: unknown;
}

/**
 * What a study still has to train: which trials are drawn, which of their nets wait, run or are done. Knows no process
 * and no store, so that a study goes on after a crash from what is stored alone.
 */
export class StudyPlan {
  readonly #options: StudyPlanOptions;
  readonly #points: SearchPoint[] = [];
  readonly #done = new Set<string>();
  readonly #closed = new Set<number>();
  readonly #waiting: WaitingLine;
  #trialsPlanned: number;

  /** @param stored trials and results of a study that goes on */
  constructor(
    options: StudyPlanOptions,
    stored: {
      readonly trials: readonly TrialSummary[];
      readonly folds: readonly TrialFold[];
    },
  ) {
    this.#options = options;
    // A pruner judges trials by those before them: with the heaviest before the others A1 takes an eighth more epochs.
    this.#waiting = new WaitingLine(options.search.pruner.kind === 'none');
    this.#trialsPlanned = options.trialsPlanned;
    for (const { trial, result } of stored.folds) this.#done.add(memberKey({ trial, ...result }));
    for (const { number, point, state } of stored.trials) {
      this.#points.push(point);
      if (state === 'pruned' || state === 'failed' || state === 'finished') this.#closed.add(number);
    }
  }

  /** Puts the nets of drawn trials that have no result yet in line; returns the trials whose points are faulty. */
  resume(): FaultyTrial[] {
    return this.#points.flatMap((_, trial) => (this.#closed.has(trial) ? [] : this.#queue(trial)));
  }

  /** More trials may be drawn. */
  extend(trials: number): void {
    this.#trialsPlanned += trials;
  }

  /** Trials that can still be drawn. */
  get left(): number {
    const most = Math.min(this.#trialsPlanned, this.#options.mostTrials ?? Infinity);
    return Math.max(0, most - this.#points.length);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Draws the next trials: many ahead where the sampler learns nothing, else as many as are asked for.
   * @param history what the study knows, for samplers that learn
   */
  draw(wanted: number, history: () => readonly KnownTrial[]): { number: number; point: SearchPoint }[] {
    const { sampler } = this.#options;
    const count = Math.min(this.left, sampler.learns ? wanted : DRAWN_AHEAD);
    const known = sampler.learns && count > 0 ? history() : [];
    return Array.from({ length: count }, () => {
      const number = this.#points.length;
      const point = sampler.draw(number, known);
      this.#points.push(point);
      return { number, point };
    });
  }

  /** Puts a drawn trial's nets in line. */
  queue(trials: readonly number[]): FaultyTrial[] {
    return trials.flatMap((trial) => this.#queue(trial));
  }

  #queue(trial: number): FaultyTrial[] {
    const { experiment, search, seed, available } = this.#options;
    try {
      const members = membersOf(experiment, search, seed, trial, this.#points[trial] ?? {}, available);
      this.#waiting.add(members.filter((member) => !this.#done.has(memberKey(member))));
      return [];
    } catch (error) {
      this.#closed.add(trial);
      return [{ trial, error }];
    }
  }

  /** The next nets for a searcher; null where none waits. */
  take(): MemberPack | null {
    const members = this.#waiting.take();
    return members.length === 0 ? null : { members };
  }

  /**
   * Nets that a lost searcher had not finished go to the front of the line again.
   * @param alone whether each goes to a searcher alone
   */
  giveBack(members: readonly StudyMember[], alone = false): void {
    const again = members.filter(
      (member) => !this.#done.has(memberKey(member)) && !this.#closed.has(member.trial),
    );
    this.#waiting.addFirst(again, alone);
  }

  /** A net has a result. */
  finish(member: Pick<StudyMember, 'trial' | 'fold' | 'repeat' | 'seed'>): void {
    this.#done.add(memberKey(member));
  }

  isClosed(trial: number): boolean {
    return this.#closed.has(trial);
  }

  /** A trial needs no more nets: those that wait are dropped. */
  close(trial: number): void {
    this.#closed.add(trial);
    this.#waiting.drop(trial);
  }
}
