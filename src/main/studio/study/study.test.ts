import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpackTrials } from '../../../shared/experiment/trial-table.ts';
import { estimateBytes, maxEventBytes } from '../../../shared/ipc/event-size.ts';
import { experiment, type Experiment } from '../../../shared/schema/experiment.ts';
import type { StudyId } from '../../../shared/schema/study.ts';
import { startTestStudio, temporaryHome, type TestStudio } from '../studio-test-kit.ts';
import type { StudioSurroundings } from '../surroundings.ts';
import { outcomeOf, SearcherHost } from './fixture-searcher.ts';

/** A search over the learning rate of a small net; `search` and `training` override. */
function searchOf(search: object = {}, training: object = {}): Experiment {
  const dense = (units: number) => ({ kind: 'dense', units });
  return experiment.parse({
    schemaVersion: 1,
    name: 'Small search',
    data: { dataset: 'noisy-1d', generator: { trainExamples: 20, testExamples: 5, noise: 0.3, seed: 1 } },
    model: { layers: [dense(4), dense(1)] },
    training: { loss: 'mean-squared-error', batchSize: 4, epochs: 4, ...training },
    evaluation: { metrics: [] },
    search: {
      parameters: [
        {
          kind: 'log-uniform',
          name: 'rate',
          paths: ['training.optimizer.learningRate'],
          minimum: 0.001,
          maximum: 1,
        },
      ],
      sampler: { kind: 'random', trials: 4 },
      ...search,
    },
  });
}

let home: ReturnType<typeof temporaryHome>;
let host: SearcherHost;
let studio: TestStudio;
function open(change: Partial<StudioSurroundings> = {}): void {
  host = new SearcherHost();
  studio = startTestStudio(home.path, { host, ...change });
}
beforeEach(() => {
  home = temporaryHome();
  open();
});
afterEach(async () => {
  await studio.studio.close(0).catch(() => undefined);
  home.remove();
});

async function start(search: object = {}, workers = 1, training: object = {}): Promise<StudyId> {
  const { studyId } = await studio.handlers['studies.start']({
    experiment: searchOf(search, training),
    experimentId: null,
    seed: 1,
    engine: 'cpu',
    workers,
  });
  return studyId;
}

async function summaryOf(studyId: StudyId) {
  return (await studio.handlers['studies.get']({ studyId })).summary;
}

describe('a study at work', () => {
  it('tells of all that changed in events that are never too large, however much it is', async () => {
    const studyId = await start({ sampler: { kind: 'random', trials: 900 } });
    const drawn = studio.events.of('study.trials');
    expect(drawn.flatMap(({ trials }) => trials.map(({ number }) => number))).toEqual([...Array(900).keys()]);
    const searcher = host.searcher(0);
    searcher.finish(searcher.batch.members, () => 1);
    const all = studio.events.of('study.trials');
    const ended = all.slice(drawn.length).flatMap(({ trials }) => trials);
    expect(ended.map(({ state }) => state)).toEqual(searcher.batch.members.map(() => 'finished'));
    for (const event of all) {
      expect(event.studyId).toBe(studyId);
      expect(estimateBytes(event)).toBeLessThanOrEqual(maxEventBytes);
    }
  });
});

describe('the nested estimate of a study', () => {
  it('judges each fold by the winner of the others, and says how good the winner itself seems', async () => {
    const studyId = await start({ folds: 2 });
    await expect(async () => studio.handlers['studies.nested']({ studyId })).rejects.toThrow(
      /no trial has finished/,
    );
    const searcher = host.searcher(0);
    const { members } = searcher.batch;
    // Trial 0 is good on fold 0 alone, trial 1 on fold 1; trial 3 has one fold only.
    const values = [1, 9, 9, 2, 5, 5, 0, 0];
    searcher.emit({
      kind: 'ended',
      outcomes: members.slice(0, 7).map(({ key }, at) => outcomeOf(key, values[at]!)),
    });
    expect(await studio.handlers['studies.nested']({ studyId })).toMatchObject({
      value: 9,
      winnerValue: 5,
      choices: [
        { fold: 0, trial: 1, value: 9 },
        { fold: 1, trial: 0, value: 9 },
      ],
    });
  });
});

describe('the test part of a study', () => {
  const earlyStopping = { patience: 2 };

  it('is opened to a net of all training data, trained for as long as the nets were that chose it', async () => {
    const studyId = await start({ folds: 2 }, 1, { epochs: 40, earlyStopping });
    const searcher = host.searcher(0);
    // Trial 1 is best; its nets were so after 3 and after 6 epochs.
    const curves = new Map([
      ['1/0/0/1', [9, 5, 1, 4, 1]],
      ['1/0/1/1', [9, 8, 7, 6, 5, 2, 3, 2]],
    ]);
    while (!searcher.ended) {
      const outcomes = searcher.batch.members.map(({ key }) => {
        const curve = curves.get(key)?.map((value, at): [number, number] => [at + 1, value]);
        if (curve === undefined) return outcomeOf(key, 7);
        return outcomeOf(key, curve.at(-1)![1], { curve, epochs: curve.length });
      });
      searcher.emit({ kind: 'ended', outcomes });
      searcher.emit({ kind: 'done' });
    }
    const { trial, runIds } = await studio.handlers['studies.openTest']({ studyId, trial: null, seeds: 2 });
    expect(trial).toBe(1);
    const seeds: number[] = [];
    for (const runId of runIds) {
      const { experiment: run, summary } = await studio.handlers['runs.get']({ runId });
      seeds.push(summary.seed);
      // The mean of 3 and 6, rounded.
      expect(run.training).toMatchObject({ epochs: 5, earlyStopping: null });
      expect(run.data.split).toMatchObject({ devFraction: 0, devExamples: 0 });
    }
    expect(seeds).toEqual([1, 2]);
    expect(await summaryOf(studyId)).toMatchObject({ testOpenings: 1 });
  });
});

/** Trial of a net. */
const trialOf = (key: string): number => Number(key.split('/')[0]);

describe('a study with a pruner', () => {
  const halving = { kind: 'asha', minimumEpochs: 2, reductionFactor: 2 };

  it('ends the trials that fall behind with all of their nets, at whichever searcher they train', async () => {
    const sampler = { kind: 'random', trials: 30 };
    const studyId = await start({ folds: 3, sampler, pruner: halving }, 2);
    const [one, two] = [host.searcher(0), host.searcher(1)];
    expect(one.batch.measureEvery).toBe(1);
    // One fold of trial 21 is at the first searcher, the others are at the second.
    expect(one.batch.members.map(({ key }) => key)).toHaveLength(64);
    expect(one.batch.members.at(-1)!.key).toBe('21/0/0/1');
    const measures = one.batch.members.map(({ key }) => ({ key, epoch: 2, value: trialOf(key) }));
    one.emit({ kind: 'measured', measures });
    // Of the 21 trials that are there whole the best 10 go on.
    const behind = [...Array(22).keys()].filter((trial) => trial >= 10);
    expect([...new Set(one.pruned.map(trialOf))]).toEqual(behind);
    expect(one.pruned).toHaveLength(64 - 30);
    expect(two.pruned).toEqual(['21/0/1/1', '21/0/2/1']);
    expect(await summaryOf(studyId)).toMatchObject({ trialsPruned: 12, netsDone: 0 });
  });

  it('comes to its end with the trials that are left, whatever order the last words come in', async () => {
    const sampler = { kind: 'random', trials: 4 };
    const studyId = await start({ folds: 2, sampler, pruner: halving });
    const searcher = host.searcher(0);
    const { members } = searcher.batch;
    searcher.emit({
      kind: 'measured',
      measures: members.map(({ key }) => ({ key, epoch: 2, value: trialOf(key) })),
    });
    expect([...new Set(searcher.pruned.map(trialOf))]).toEqual([2, 3]);
    // One net of a trial that was ended had its last epoch before it heard of it.
    const outcomes = members.map(({ key }) => {
      const isLate = trialOf(key) >= 2 && key !== '2/0/0/1';
      return outcomeOf(key, trialOf(key), isLate ? { state: 'pruned', epochs: 3 } : {});
    });
    searcher.emit({ kind: 'ended', outcomes: outcomes.filter(({ key }) => key === '2/0/0/1') });
    searcher.emit({ kind: 'ended', outcomes: outcomes.filter(({ key }) => key !== '2/0/0/1') });
    searcher.emit({ kind: 'done' });
    expect(await summaryOf(studyId)).toMatchObject({
      state: 'finished',
      trialsDone: 2,
      trialsPruned: 2,
      netsDone: 8,
      bestTrial: 0,
    });
  });
});

describe('the process of a study', () => {
  afterEach(() => void vi.useRealTimers());

  it('loses at most seconds of its working time when it is killed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
    await studio.studio.close(0);
    open();
    const studyId = await start();
    await vi.advanceTimersByTimeAsync(90_000);
    // Nothing was told by the searcher, and nothing ended in good order.
    const { durationMs } = await summaryOf(studyId);
    expect(durationMs).toBeGreaterThan(87_000);
    expect(durationMs).toBeLessThanOrEqual(90_000);
  });

  it('is found dead by whoever wants to go on, a moment after it was killed', async () => {
    const studyId = await start();
    const dead = new Set<number>();
    const first = studio;
    open({ isProcessAlive: (pid) => !dead.has(pid) });
    expect((await summaryOf(studyId)).state).toBe('running');
    await expect(async () => studio.handlers['studies.resume']({ studyId, workers: 1 })).rejects.toThrow(
      /while it is running/,
    );
    dead.add(process.pid);
    await studio.handlers['studies.resume']({ studyId, workers: 1 });
    expect(host.searcher(0).batch.members.map(({ key }) => key)).toEqual(
      [0, 1, 2, 3].map((trial) => `${trial}/0/0/1`),
    );
    await first.studio.close(0).catch(() => undefined);
  });

  it('is not said to have ended when trials are added to what had', async () => {
    const studyId = await start();
    const searcher = host.searcher(0);
    searcher.finish(searcher.batch.members, () => 1);
    searcher.emit({ kind: 'done' });
    expect(await summaryOf(studyId)).toMatchObject({ state: 'finished' });
    const told = studio.events.of('study.changed').length;
    await studio.handlers['studies.extend']({ studyId, trials: 2, workers: 1 });
    const states = studio.events.of('study.changed').slice(told);
    expect(states.length).toBeGreaterThan(0);
    for (const { state, trialsPlanned } of states) expect([state, trialsPlanned]).toEqual(['running', 6]);
  });

  it('goes on with as many searchers as are asked for', async () => {
    const studyId = await start({ sampler: { kind: 'random', trials: 900 } });
    await studio.handlers['studies.pause']({ studyId });
    await studio.handlers['studies.resume']({ studyId, workers: 2 });
    const keys = [1, 2].flatMap((at) => host.searcher(at).batch.members.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(() => host.searcher(3)).toThrow(/only 3 searchers/);
  });

  it('finds the net that takes its searchers down, and fails no other', async () => {
    const studyId = await start();
    const culprit = host.searcher(0).batch.members[1]!.key;
    const given: number[] = [];
    for (let at = 0; at < host.searchers.length; at++) {
      const searcher = host.searcher(at);
      while (!searcher.ended) {
        const { members } = searcher.batch;
        given.push(members.length);
        if (members.some(({ key }) => key === culprit)) searcher.kill();
        else {
          searcher.finish(members, () => 1);
          searcher.emit({ kind: 'done' });
        }
      }
    }
    // Twice together, then each alone.
    expect(given).toEqual([4, 4, 1, 1, 1, 1]);
    expect(await summaryOf(studyId)).toMatchObject({ state: 'finished', trialsDone: 3, trialsFailed: 1 });
    const trials = unpackTrials(await studio.handlers['studies.trials']({ studyId, from: 0, limit: 10 }));
    const failed = trials.filter(({ state }) => state === 'failed');
    expect(failed.map(({ number }) => number)).toEqual([trialOf(culprit)]);
    expect(failed[0]!.failure).toMatchObject({ code: 'process-lost' });
    expect(failed[0]!.failure!.message).toMatch(/for lack of memory; train smaller nets/);
  });

  it('ends its searchers and stores nothing more once the study is no longer its own', async () => {
    const studyId = await start();
    const searcher = host.searcher(0);
    const other = new BetterSqlite3(join(home.path, 'history.db'));
    other.prepare('UPDATE study SET owner_pid = 1').run();
    searcher.finish(searcher.batch.members, () => 1);
    expect(searcher.ended).toBe(true);
    expect(await summaryOf(studyId)).toMatchObject({ state: 'running', netsDone: 0 });
    other.close();
  });

  it('leaves a study to be resumed whose results it cannot store, and goes on itself', async () => {
    const studyId = await start();
    const searcher = host.searcher(0);
    const [first, ...others] = searcher.batch.members;
    const other = new BetterSqlite3(join(home.path, 'history.db'));
    other.exec("CREATE TRIGGER full BEFORE INSERT ON fold BEGIN SELECT RAISE(ABORT, 'no room'); END");
    searcher.emit({ kind: 'ended', outcomes: [outcomeOf(first!.key, 1)] });
    expect(searcher.ended).toBe(true);
    expect(await summaryOf(studyId)).toMatchObject({ state: 'crashed', netsDone: 0 });
    expect((await summaryOf(studyId)).failure?.message).toMatch(/no room/);
    other.exec('DROP TRIGGER full');
    other.close();
    await studio.handlers['studies.resume']({ studyId, workers: 1 });
    const again = host.searcher(1);
    expect(again.batch.members.map(({ key }) => key)).toEqual([first!.key, ...others.map(({ key }) => key)]);
    again.finish(again.batch.members, () => 1);
    again.emit({ kind: 'done' });
    expect(await summaryOf(studyId)).toMatchObject({ state: 'finished', netsDone: 4 });
  });
});
