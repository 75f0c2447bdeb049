import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configureConnection, migrate } from './schema.ts';
import { SqliteStudyStore } from './sqlite-study-store.ts';
import { foldOf, newStudy } from './study-test-kit.ts';

const A = 'sstudy0000a';
const B = 'sstudy0000b';
const failure = { code: 'not-a-number', message: 'loss is NaN', details: { step: 3 } };

describe('the studies', () => {
  let database: BetterSqlite3.Database;
  let store: SqliteStudyStore;
  let nowMs = 0;
  const deadPids = new Set<number>();

  beforeEach(() => {
    nowMs = Date.UTC(2026, 0, 1);
    deadPids.clear();
    database = new BetterSqlite3(':memory:');
    configureConnection(database);
    migrate(database);
    store = new SqliteStudyStore(database, { now: () => nowMs, isProcessAlive: (pid) => !deadPids.has(pid) });
  });
  afterEach(() => database.close());

  function withTrials(count: number): void {
    store.createStudy(newStudy(A));
    store.addTrials(
      A,
      Array.from({ length: count }, (_, number) => ({ number, point: { rate: number / 10 } })),
    );
  }

  it('begin running, with their experiment as it was and nothing done', () => {
    const study = newStudy(A);
    expect(store.createStudy(study)).toMatchObject({
      id: A,
      name: 'Circles',
      state: 'running',
      trialsPlanned: 4,
      netsPlanned: 8,
      netsDone: 0,
      bestTrial: null,
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    expect(store.getDetail(A)).toMatchObject({ experiment: study.experiment, openings: [] });
  });

  it('take trials in order, and no trial twice or after a gap', () => {
    withTrials(2);
    expect(store.trials(A, 0, 10).map(({ point }) => point)).toEqual([{ rate: 0 }, { rate: 0.1 }]);
    expect(() => store.addTrials(A, [{ number: 1, point: {} }])).toThrow(/2 comes next/);
    expect(() => store.addTrials(A, [{ number: 3, point: {} }])).toThrow(/2 comes next/);
    expect(store.trials(A, 0, 10)).toHaveLength(2);
  });

  it('finish a trial with the mean of its nets once all of them have ended', () => {
    withTrials(2);
    const [half] = store.addFolds(A, [{ trial: 0, result: foldOf(0, 0.5) }]);
    expect(half).toMatchObject({ state: 'running', netsDone: 1, values: [] });
    const [whole] = store.addFolds(A, [{ trial: 0, result: foldOf(1, 0.1) }]);
    expect(whole).toMatchObject({ state: 'finished', netsDone: 2, values: [0.3], epochs: 20 });
    // The standard error of 0.5 and 0.1: their deviation 0.2828 over the root of two.
    expect(whole!.standardError).toBeCloseTo(0.2, 12);
    expect(store.getSummary(A)).toMatchObject({
      trialsDone: 1,
      netsDone: 2,
      epochsDone: 20,
      bestTrial: 0,
      bestValue: 0.3,
    });
  });

  it('know how long a trial took whose nets were told of at once', () => {
    withTrials(1);
    const [trial] = store.addFolds(A, [
      { trial: 0, result: foldOf(0, 0.5, { durationMs: 700 }) },
      { trial: 0, result: foldOf(1, 0.1, { durationMs: 500 }) },
    ]);
    expect(trial!.endedAtMs! - trial!.startedAtMs!).toBe(1_200);
  });

  it('refuse a second result of a net, and keep all of what they had', () => {
    withTrials(1);
    store.addFolds(A, [{ trial: 0, result: foldOf(0, 0.5) }]);
    const both = [
      { trial: 0, result: foldOf(1, 0.25) },
      { trial: 0, result: foldOf(0, 0.75) },
    ];
    expect(() => store.addFolds(A, both)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(store.folds(A, 0)).toEqual([{ trial: 0, result: foldOf(0, 0.5) }]);
    expect(store.getSummary(A).netsDone).toBe(1);
  });

  it('name the best trial by the direction, whatever order they finish in', () => {
    withTrials(3);
    const values = [0.5, 0.25, 0.75];
    for (const trial of [2, 0, 1]) {
      store.addFolds(
        A,
        [0, 1].map((fold) => ({ trial, result: foldOf(fold, values[trial]!) })),
      );
    }
    expect(store.getSummary(A)).toMatchObject({ bestTrial: 1, bestValue: 0.25 });
    const study = newStudy(B);
    const search = {
      ...study.experiment.search!,
      objective: { ...study.experiment.search!.objective, direction: 'maximise' as const },
    };
    store.createStudy({ ...study, experiment: { ...study.experiment, search } });
    store.addTrials(
      B,
      [0, 1].map((number) => ({ number, point: {} })),
    );
    store.addFolds(
      B,
      [0, 1].flatMap((trial) => [0, 1].map((fold) => ({ trial, result: foldOf(fold, values[trial]!) }))),
    );
    expect(store.getSummary(B)).toMatchObject({ bestTrial: 0, bestValue: 0.5 });
  });

  it('have no value of a trial that was pruned, failed, or came to a number that is not finite', () => {
    withTrials(3);
    store.addFolds(A, [
      { trial: 0, result: foldOf(0, null, { state: 'pruned' }) },
      { trial: 1, result: foldOf(0, null, { state: 'failed', failure }) },
      { trial: 2, result: foldOf(0, null) },
      { trial: 2, result: foldOf(1, 0.5) },
    ]);
    expect(store.trials(A, 0, 10).map(({ state, values }) => ({ state, values }))).toEqual([
      { state: 'pruned', values: [] },
      { state: 'failed', values: [] },
      { state: 'finished', values: [null] },
    ]);
    expect(store.trials(A, 1, 1)[0]!.failure).toEqual(failure);
    expect(store.getSummary(A)).toMatchObject({
      trialsPruned: 1,
      trialsFailed: 1,
      trialsDone: 1,
      bestTrial: null,
    });
  });

  it('stay pruned while nets that were training then come in, unless all of them have finished', () => {
    withTrials(1);
    store.addFolds(A, [{ trial: 0, result: foldOf(0, 0.5) }]);
    store.setTrialState(A, 0, 'pruned');
    store.createStudy(newStudy(B, { netsPerTrial: 3 }));
    store.addTrials(B, [{ number: 0, point: {} }]);
    store.addFolds(B, [{ trial: 0, result: foldOf(0, 0.5) }]);
    store.setTrialState(B, 0, 'pruned');
    expect(store.addFolds(B, [{ trial: 0, result: foldOf(1, 0.1) }])).toMatchObject([
      { state: 'pruned', netsDone: 2, values: [] },
    ]);
    expect(store.getSummary(B)).toMatchObject({ trialsPruned: 1, netsDone: 2 });
    expect(store.addFolds(A, [{ trial: 0, result: foldOf(1, 0.1) }])).toMatchObject([
      { state: 'finished', values: [0.3] },
    ]);
  });

  it('keep every bit of their results', () => {
    withTrials(1);
    const result = foldOf(1, 0.1 + 0.2, {
      repeat: 2,
      seed: 4_294_967_295,
      curve: [[1, null]],
      durationMs: 1 / 3,
    });
    store.addFolds(A, [{ trial: 0, result }]);
    expect(store.folds(A, null)).toEqual([{ trial: 0, result }]);
  });

  it('count every opening of the test part', () => {
    withTrials(1);
    const opening = { at: '2026-01-02T00:00:00.000Z', trial: 0, runIds: ['run000000a'] };
    store.addOpening(A, opening);
    store.addOpening(A, opening);
    expect(store.getSummary(A).testOpenings).toBe(2);
    expect(store.getDetail(A).openings).toEqual([opening, opening]);
  });

  it('pause, go on, are extended after their end, and change to no other state', () => {
    store.createStudy(newStudy(A));
    expect(store.setState(A, 'paused', { durationMs: 5 })).toMatchObject({ state: 'paused', durationMs: 5 });
    expect(() => store.setState(A, 'finished')).toThrow(/cannot become finished while it is paused/);
    store.setState(A, 'running');
    expect(store.setState(A, 'finished').finishedAt).not.toBeNull();
    expect(store.extend(A, 100).trialsPlanned).toBe(104);
    expect(store.setState(A, 'running')).toMatchObject({ state: 'running', finishedAt: null });
  });

  it('of dead or silent owners are crashed, and no others', () => {
    store.createStudy(newStudy(A, { ownerPid: 11 }));
    store.createStudy(newStudy(B, { ownerPid: 12 }));
    deadPids.add(11);
    expect(store.markCrashed(30_000).map(({ id }) => id)).toEqual([A]);
    nowMs += 40_000;
    store.heartbeat([{ id: B, durationMs: 1 }], 12);
    expect(store.markCrashed(30_000)).toEqual([]);
    nowMs += 40_000;
    expect(store.markCrashed(30_000).map(({ id }) => id)).toEqual([B]);
  });

  it('keep the time their owner has worked on them, also when it is killed', () => {
    store.createStudy(newStudy(A, { ownerPid: 11 }));
    expect(store.heartbeat([{ id: A, durationMs: 1_234.5 }], 11)).toEqual([]);
    expect(store.isOwnedBy(A, 11)).toBe(true);
    // What a process says that is not the owner any more does not count.
    expect(store.heartbeat([{ id: A, durationMs: 9_000 }], 12)).toEqual([A]);
    expect(store.isOwnedBy(A, 12)).toBe(false);
    expect(store.getSummary(A).durationMs).toBe(1_234.5);
    deadPids.add(11);
    expect(store.markCrashed(30_000)).toMatchObject([{ state: 'crashed', durationMs: 1_234.5 }]);
    expect(store.heartbeat([{ id: A, durationMs: 9_000 }], 11)).toEqual([A]);
    expect(store.isOwnedBy(A, 11)).toBe(false);
    expect(store.getSummary(A)).toMatchObject({ state: 'crashed', durationMs: 1_234.5 });
  });

  it('are hidden and brought back, but not while they run', () => {
    store.createStudy(newStudy(A));
    expect(() => store.deleteStudies([A])).toThrow(/is running/);
    store.setState(A, 'cancelled');
    store.deleteStudies([A]);
    expect(store.listStudies(false)).toEqual([]);
    expect(store.listStudies(true).map(({ id }) => id)).toEqual([A]);
    store.restoreStudies([A]);
    expect(store.listStudies(false)).toHaveLength(1);
  });

  it('that are not there are not found', () => {
    expect(() => store.getSummary(A)).toThrow(expect.objectContaining({ code: 'not-found' }));
    withTrials(1);
    expect(() => store.setTrialState(A, 7, 'running')).toThrow(/has no trial 7/);
  });
});
