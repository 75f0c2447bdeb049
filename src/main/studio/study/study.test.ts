import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { estimateBytes, maxEventBytes } from '../../../shared/ipc/event-size.ts';
import { experiment, type Experiment } from '../../../shared/schema/experiment.ts';
import type { StudyId } from '../../../shared/schema/study.ts';
import { startTestStudio, temporaryHome, type TestStudio } from '../studio-test-kit.ts';
import type { StudioSurroundings } from '../surroundings.ts';
import { outcomeOf, SearcherHost } from './fixture-searcher.ts';

/** A search over the learning rate of a small net; `search` overrides. */
function searchOf(search: object = {}): Experiment {
  const dense = (units: number) => ({ kind: 'dense', units });
  return experiment.parse({
    schemaVersion: 1,
    name: 'Small search',
    data: { dataset: 'noisy-1d', generator: { trainExamples: 20, testExamples: 5, noise: 0.3, seed: 1 } },
    model: { layers: [dense(4), dense(1)] },
    training: { loss: 'mean-squared-error', batchSize: 4, epochs: 4 },
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

async function start(search: object = {}, workers = 1): Promise<StudyId> {
  const { studyId } = await studio.handlers['studies.start']({
    experiment: searchOf(search),
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
    await expect(async () => studio.handlers['studies.resume']({ studyId })).rejects.toThrow(
      /while it is running/,
    );
    dead.add(process.pid);
    await studio.handlers['studies.resume']({ studyId });
    expect(host.searcher(0).batch.members.map(({ key }) => key)).toEqual(
      [0, 1, 2, 3].map((trial) => `${trial}/0/0/1`),
    );
    await first.studio.close(0).catch(() => undefined);
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
    await studio.handlers['studies.resume']({ studyId });
    const again = host.searcher(1);
    expect(again.batch.members.map(({ key }) => key)).toEqual([first!.key, ...others.map(({ key }) => key)]);
    again.finish(again.batch.members, () => 1);
    again.emit({ kind: 'done' });
    expect(await summaryOf(studyId)).toMatchObject({ state: 'finished', netsDone: 4 });
  });
});
