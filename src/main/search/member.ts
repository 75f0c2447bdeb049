import type { Experiment } from '../../shared/schema/experiment.ts';

/** One net of a study: a trial's point on one fold with one seed, resolved to an experiment without a search. */
export interface StudyMember {
  readonly trial: number;
  readonly fold: number;
  readonly repeat: number;
  readonly seed: number;
  /** Its `data.split.fold` says which rows are dev. */
  readonly experiment: Experiment;
}

/** Names a net within its trial. */
export function netKey({ fold, repeat, seed }: Pick<StudyMember, 'fold' | 'repeat' | 'seed'>): string {
  return `${repeat}/${fold}/${seed}`;
}

/** Names a member within its study: what must not be trained twice. */
export function memberKey(member: Omit<StudyMember, 'experiment'>): string {
  return `${member.trial}/${netKey(member)}`;
}
