import type { StudyId, TrialSummary, WholeStudy } from '../../shared/schema/study.ts';
import type { Connection } from './connection.ts';
import type { StudyStore } from './study-store.ts';

/** Leads a new study of a store through everything that one at rest went through; the times are those of now. */
export function replayStudy(store: StudyStore, study: WholeStudy): void {
  const { summary, experiment, openings, trials, folds } = study;
  const { id, experimentId, seed, state, trialsPlanned, netsPlanned, durationMs, failure } = summary;
  const netsPerTrial = netsPlanned / trialsPlanned;
  store.createStudy({
    id,
    experiment,
    experimentId,
    seed,
    trialsPlanned,
    netsPerTrial,
    ownerPid: process.pid,
  });
  store.addTrials(
    id,
    trials.map(({ number, point }) => ({ number, point })),
  );
  store.addFolds(id, folds);
  replayStates(store, id, trials);
  for (const opening of openings) store.addOpening(id, opening);
  store.setState(id, state, { ...(failure === null ? {} : { failure }), durationMs });
}

/** What a trial became for another reason than its nets: a point that makes no net fails by itself, a pruner ends another. */
function replayStates(store: StudyStore, id: StudyId, trials: readonly TrialSummary[]): void {
  const replayed = store.trials(id, 0, trials.length);
  for (const { number, state, failure } of trials) {
    if (replayed[number]?.state !== state) store.setTrialState(id, number, state, failure ?? undefined);
  }
}

/** Gives a replayed study and its trials the times that they had where they were made. */
export function keepTimes(connection: Connection, { summary, trials }: WholeStudy): void {
  const { id, createdAt, finishedAt } = summary;
  connection.run('UPDATE study SET created_at = ?, finished_at = ? WHERE id = ?', [
    createdAt,
    finishedAt,
    id,
  ]);
  const sql = `UPDATE trial SET started_at_ms = ?, ended_at_ms = ?
    WHERE number = ? AND study_number = (SELECT number FROM study WHERE id = ?)`;
  for (const { number, startedAtMs, endedAtMs } of trials)
    connection.run(sql, [startedAtMs, endedAtMs, number, id]);
}
