import BetterSqlite3, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StudyState, WholeStudy } from '../../shared/schema/study.ts';
import { configureConnection, migrate } from './schema.ts';
import { SqliteStudyStore } from './sqlite-study-store.ts';
import { foldOf, newStudy } from './study-test-kit.ts';

const A = 'sstudy0000a';
const failure = { code: 'not-a-number', message: 'loss is NaN', details: { step: 3 } };

let databases: Database[] = [];
let nowMs = 0;
beforeEach(() => {
  databases = [];
  nowMs = Date.UTC(2026, 0, 1);
});
afterEach(() => databases.forEach((database) => database.close()));

function openStudies(): SqliteStudyStore {
  const database = new BetterSqlite3(':memory:');
  databases.push(database);
  configureConnection(database);
  migrate(database);
  return new SqliteStudyStore(database, { now: () => nowMs, isProcessAlive: () => true });
}

/** A study with a trial in every state, made over some time. */
function makeStudy(studies: SqliteStudyStore, state: StudyState): WholeStudy {
  const later = (): void => void (nowMs += 60_000);
  studies.createStudy(newStudy(A, { trialsPlanned: 6 }));
  studies.addTrials(
    A,
    Array.from({ length: 6 }, (_, number) => ({ number, point: { rate: number / 10 } })),
  );
  later();
  studies.addFolds(A, [
    { trial: 0, result: foldOf(0, 0.5) },
    { trial: 0, result: foldOf(1, 0.1) },
    { trial: 1, result: foldOf(0, 0.2, { state: 'pruned', epochs: 3 }) },
    { trial: 2, result: foldOf(0, 0.4) },
    { trial: 3, result: foldOf(0, null, { state: 'failed', failure }) },
  ]);
  later();
  studies.setTrialState(A, 1, 'pruned');
  studies.setTrialState(A, 4, 'failed', failure);
  studies.addOpening(A, { at: '2026-01-01T00:02:00.000Z', trial: 0, runIds: ['run000000a'] });
  later();
  if (state !== 'running') studies.setState(A, state, { durationMs: 4_321 });
  return {
    ...studies.getDetail(A),
    trials: studies.trials(A, 0, 100),
    folds: studies.folds(A, null),
  };
}

describe('a study of another store', () => {
  it.each(['paused', 'finished', 'cancelled', 'crashed'] as const)(
    'that is %s comes in as it was',
    (state) => {
      const whole = makeStudy(openStudies(), state);
      nowMs += 3_600_000;
      const studies = openStudies();
      expect(studies.importStudy(whole)).toEqual(whole.summary);
      expect(studies.getDetail(A)).toEqual({
        summary: whole.summary,
        experiment: whole.experiment,
        openings: whole.openings,
      });
      expect(studies.trials(A, 0, 100)).toEqual(whole.trials);
      expect(studies.folds(A, null)).toEqual(whole.folds);
    },
  );

  it('goes on where it was', () => {
    const whole = makeStudy(openStudies(), 'paused');
    const studies = openStudies();
    studies.importStudy(whole);
    studies.setState(A, 'running', { ownerPid: process.pid });
    const [ended] = studies.addFolds(A, [{ trial: 2, result: foldOf(1, 0) }]);
    expect(ended).toMatchObject({ state: 'finished', values: [0.2] });
    expect(studies.getSummary(A)).toMatchObject({ trialsDone: 2, bestTrial: 2 });
  });

  it('that is here already, runs, or says two things of one net is refused whole', () => {
    const whole = makeStudy(openStudies(), 'paused');
    const studies = openStudies();
    studies.importStudy(whole);
    expect(() => studies.importStudy({ ...whole, trials: [], folds: [] })).toThrow();
    expect(studies.trials(A, 0, 100)).toEqual(whole.trials);
    const others = openStudies();
    expect(() => others.importStudy(makeStudy(openStudies(), 'running'))).toThrow(/was running/);
    expect(() => others.importStudy({ ...whole, folds: [...whole.folds, whole.folds[0]!] })).toThrow(
      /has a result of fold 0/,
    );
    expect(others.listStudies(false)).toEqual([]);
  });
});
