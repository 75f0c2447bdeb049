import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runsQuery, type RunId } from '../../shared/schema/run.ts';
import { preprocessingOf, sampleExperiment, sampleProvenance } from '../store/store-test-kit.ts';
import { startTestStudio, temporaryHome, type TestStudio } from './studio-test-kit.ts';

let home: ReturnType<typeof temporaryHome>;
let studio: TestStudio;
beforeEach(() => {
  home = temporaryHome();
  studio = startTestStudio(home.path);
});
afterEach(async () => {
  await studio.studio.close(0).catch(() => undefined);
  home.remove();
});

async function start(seed = 1): Promise<RunId> {
  const { runId } = await studio.handlers['runs.start']({
    experiment: sampleExperiment(),
    seed,
    engine: 'cpu',
    threads: null,
    experimentId: null,
    variant: null,
  });
  return runId;
}

async function stateOf(runId: RunId): Promise<string> {
  return (await studio.handlers['runs.get']({ runId })).summary.state;
}

function leaveInFolderOf(runId: RunId, name: string): string {
  const path = join(home.path, 'artifacts', 'runs', runId, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'weights');
  return path;
}

describe('a run', () => {
  it('is sent to a trainer, stored as it goes and told of', async () => {
    const runId = await start(7);
    const trainer = studio.host.trainer(0);
    expect(trainer.job).toMatchObject({
      runId,
      seed: 7,
      engine: { choice: 'cpu' },
      resume: null,
      artifactDirectory: join(home.path, 'artifacts'),
    });
    trainer.started();
    trainer.epoch(1);
    trainer.emit({ kind: 'log', line: { at: 'now', level: 'warning', text: 'warm' } });
    trainer.emit({
      kind: 'finished',
      points: [{ split: 'test', metric: 'accuracy', epoch: 1, step: 10, value: 0.9 }],
      durationMs: 123,
    });
    const detail = await studio.handlers['runs.get']({ runId });
    expect(detail.summary).toMatchObject({
      state: 'finished',
      durationMs: 123,
      headline: { testAccuracy: 0.9 },
    });
    expect(detail.provenance).toEqual(sampleProvenance);
    expect(detail.log.map((line) => line.text)).toEqual(['warm']);
    expect(studio.events.of('run.epoch').map((event) => [event.runId, event.epoch.epoch])).toEqual([
      [runId, 1],
    ]);
    expect(studio.events.of('run.changed').at(-1)?.state).toBe('finished');
    expect(trainer.ended).toBe(true);
  });

  it('is stored before a door hears of an epoch', async () => {
    const seen: number[] = [];
    const publish = studio.events.publish;
    await studio.studio.close(0);
    studio = startTestStudio(home.path, {
      publish: (name, payload) => {
        publish(name, payload);
        if (name !== 'run.epoch') return;
        void Promise.resolve(studio.handlers['runs.get']({ runId: studio.host.trainer(0).job.runId })).then(
          (detail) => seen.push(detail.epochs.length),
        );
      },
    });
    await start();
    studio.host.trainer(0).started();
    studio.host.trainer(0).epoch(1);
    studio.host.trainer(0).epoch(2);
    await Promise.resolve();
    await Promise.resolve();
    expect(seen).toEqual([1, 2]);
  });

  it('does not begin when it could not work, and says every fault', async () => {
    const experiment = sampleExperiment({ model: { layers: [{ kind: 'dropout', rate: 0.5 }], heads: [] } });
    await expect(async () =>
      studio.handlers['runs.start']({
        experiment,
        seed: 1,
        engine: 'auto',
        threads: null,
        experimentId: null,
        variant: null,
      }),
    ).rejects.toMatchObject({ code: 'invalid-input', details: { issues: expect.any(Array) as unknown } });
    expect(studio.host.trainers).toHaveLength(0);
    expect((await studio.handlers['runs.list'](listAll)).total).toBe(0);
  });

  it('keeps the failure of its trainer', async () => {
    const runId = await start();
    const failure = { code: 'not-a-number', message: 'loss is NaN at step 3', details: { step: 3 } };
    studio.host.trainer(0).emit({ kind: 'failed', failure, durationMs: 5 });
    expect((await studio.handlers['runs.get']({ runId })).summary).toMatchObject({
      state: 'failed',
      failure,
    });
  });

  it('keeps the preparation it was begun with, and is resumed with it', async () => {
    const runId = await start();
    const stored = preprocessingOf(runId);
    const trainer = studio.host.trainer(0);
    expect(trainer.job.preprocessing).toBeNull();
    trainer.started({}, stored);
    trainer.epoch(1);
    trainer.kill();
    await studio.handlers['runs.resume']({ runId });
    const resumed = studio.host.trainer(1);
    expect(resumed.job.preprocessing).toEqual(stored);
    resumed.started({}, { ...stored, sha256: '0'.repeat(64) });
    expect((await studio.handlers['runs.get']({ runId })).preprocessing).toEqual(stored);
  });

  it('learns the preparation of a run that stored none when it is resumed', async () => {
    const runId = await start();
    studio.host.trainer(0).started();
    studio.host.trainer(0).epoch(1);
    studio.host.trainer(0).kill();
    await studio.handlers['runs.resume']({ runId });
    studio.host.trainer(1).started({}, preprocessingOf(runId));
    expect((await studio.handlers['runs.get']({ runId })).preprocessing).toEqual(preprocessingOf(runId));
  });

  it('can be resumed after the disk was full', async () => {
    const runId = await start();
    const trainer = studio.host.trainer(0);
    trainer.started();
    trainer.epoch(1);
    const failure = { code: 'disk-full', message: 'the disk is full', details: {} };
    trainer.emit({ kind: 'failed', failure, durationMs: 5 });
    expect((await studio.handlers['runs.get']({ runId })).summary).toMatchObject({
      state: 'crashed',
      failure,
    });
    await studio.handlers['runs.resume']({ runId });
    expect(studio.host.trainer(1).job.resume?.checkpoint.path).toContain('step-10');
  });

  it('progress is passed on at most ten times a second', async () => {
    const runId = await start();
    const progress = {
      runId,
      state: 'running',
      epoch: 1,
      epochsPlanned: 5,
      stepsPlanned: 1000,
      examplesPerSecond: 1,
      secondsLeft: 1,
      trainLoss: 1,
      trainAccuracy: null,
      phase: 'training',
    } as const;
    const startedMs = performance.now();
    for (let step = 0; step < 60; step++) {
      studio.host.trainer(0).emit({ kind: 'progress', progress: { ...progress, step } });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const most = Math.ceil((performance.now() - startedMs) / 100) + 1;
    const passed = studio.events.of('run.progress');
    expect(passed.length).toBeGreaterThan(1);
    expect(passed.length).toBeLessThanOrEqual(most);
  });
});

const listAll = runsQuery.parse({ limit: 100 });

describe('pausing', () => {
  it('keeps the pause point and lets the next run in', async () => {
    const first = await start();
    const second = await start();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['running', 'queued']);
    await studio.handlers['runs.pause']({ runId: first });
    expect(studio.host.trainer(0).commands.at(-1)).toEqual({ kind: 'pause' });
    studio.host.trainer(0).paused(4);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['paused', 'running']);
    await studio.handlers['runs.resume']({ runId: first });
    expect(studio.host.trainer(0).commands.at(-1)).toEqual({ kind: 'resume' });
    studio.host.trainer(0).emit({ kind: 'resumed' });
    expect(await stateOf(first)).toBe('running');
  });

  it('is what a polite end does, and the run can be resumed from there', async () => {
    const runId = await start();
    const trainer = studio.host.trainer(0);
    trainer.started();
    trainer.epoch(1);
    const closed = studio.studio.close();
    expect(trainer.commands.at(-1)).toEqual({ kind: 'pause' });
    trainer.paused(14);
    await closed;
    expect(trainer.ended).toBe(true);

    studio = startTestStudio(home.path, { isProcessAlive: () => false });
    expect(await stateOf(runId)).toBe('paused');
    await studio.handlers['runs.resume']({ runId });
    const { job } = studio.host.trainer(0);
    expect(job.resume).toMatchObject({ executor: 'eager', stepsPerCall: 4 });
    expect(job.resume?.checkpoint.path).toContain('step-14');
    expect(job.engine).toEqual({ choice: 'cpu', threads: 1, device: 'cpu' });
  });

  it('can end in a cancellation by another process, once the one that paused is gone', async () => {
    const runId = await start();
    studio.host.trainer(0).started();
    const closed = studio.studio.close();
    studio.host.trainer(0).paused(7);
    await closed;

    studio = startTestStudio(home.path, { isProcessAlive: () => false });
    await studio.handlers['runs.cancel']({ runId });
    expect(await stateOf(runId)).toBe('cancelled');
  });

  it('is refused for a run that does not train here', async () => {
    const runId = await start();
    studio.host.trainer(0).finish();
    for (const call of ['runs.pause', 'runs.resume', 'runs.cancel'] as const) {
      await expect(async () => studio.handlers[call]({ runId })).rejects.toMatchObject({ code: 'conflict' });
    }
  });
});

describe('the queue', () => {
  it('trains one run at a time, in order', async () => {
    const ids = [await start(), await start(), await start()];
    expect(studio.host.trainers).toHaveLength(1);
    studio.host.trainer(0).finish();
    expect(studio.host.trainer(1).job.runId).toBe(ids[1]);
    expect(studio.host.trainers).toHaveLength(2);
    studio.host.trainer(1).exit({ code: 1, signal: null });
    expect(studio.host.trainer(2).job.runId).toBe(ids[2]);
  });

  it('forgets a waiting run that is cancelled', async () => {
    const first = await start();
    const second = await start();
    await studio.handlers['runs.cancel']({ runId: second });
    expect(await stateOf(second)).toBe('cancelled');
    await studio.handlers['runs.cancel']({ runId: first });
    studio.host.trainer(0).emit({ kind: 'cancelled', durationMs: 9 });
    expect(await stateOf(first)).toBe('cancelled');
    expect(studio.host.trainers).toHaveLength(1);
  });
});

describe('a trainer that dies', () => {
  it('leaves its run crashed, with a notice that resumes it from the last checkpoint', async () => {
    const runId = await start();
    const trainer = studio.host.trainer(0);
    trainer.started();
    trainer.epoch(1);
    trainer.epoch(2);
    trainer.exit({ code: null, signal: 'SIGSEGV' });
    expect(await stateOf(runId)).toBe('crashed');
    const [notice] = await studio.handlers['studio.notices']({});
    expect(notice).toMatchObject({ action: { kind: 'resume-run', runId } });
    expect(notice?.text).toContain('SIGSEGV');
    await studio.handlers['runs.resume']({ runId });
    expect(await studio.handlers['studio.notices']({})).toEqual([]);
    const resumed = studio.host.trainer(1);
    expect(resumed.job.resume?.checkpoint.path).toContain('step-20');
    resumed.started({ appVersion: '9.9.9' });
    resumed.epoch(2, 99);
    resumed.epoch(3);
    resumed.finish();
    const detail = await studio.handlers['runs.get']({ runId });
    expect(detail.epochs.map((epoch) => epoch.epoch)).toEqual([1, 2, 3]);
    expect(detail.summary.headline.devLoss).toBe(1 / 3);
    expect(detail.provenance?.appVersion).toBe('0.1.0');
  });

  it('before anything was stored lets the run begin anew', async () => {
    const runId = await start(5);
    studio.host.trainer(0).exit({ code: 1, signal: null });
    await studio.handlers['runs.resume']({ runId });
    expect(studio.host.trainer(1).job).toMatchObject({ seed: 5, resume: null });
  });

  it.each([
    ['a message that is none', { kind: 'dance' }],
    ['a point that is no number', { kind: 'finished', points: [{ value: 'x' }], durationMs: 1 }],
    ['an epoch that leaves a gap', null],
  ])('or sends %s is ended', async (_, message) => {
    const runId = await start();
    const trainer = studio.host.trainer(0);
    if (message === null) trainer.epoch(3);
    else trainer.say(message);
    expect(trainer.ended).toBe(true);
    expect(await stateOf(runId)).toBe('crashed');
  });

  it('has crashed only once nothing can write for it any more, and leaves nothing half-written', async () => {
    const runId = await start();
    const trainer = studio.host.trainer(0);
    trainer.epoch(1);
    const kept = leaveInFolderOf(runId, 'epoch-000001.checkpoint');
    const halfWritten = leaveInFolderOf(runId, '.epoch-000002.checkpoint.1000-2.tmp');
    const kill = vi.spyOn(trainer, 'kill').mockReturnValue();
    trainer.say('no event');
    trainer.epoch(2);
    expect(kill).toHaveBeenCalledOnce();
    expect(await stateOf(runId)).toBe('running');
    trainer.exit({ code: null, signal: 'SIGKILL' });
    const { summary } = await studio.handlers['runs.get']({ runId });
    expect(summary).toMatchObject({ state: 'crashed', epochsDone: 1, failure: { code: 'internal' } });
    expect([existsSync(kept), existsSync(halfWritten)]).toEqual([true, false]);
  });

  it('loses what an interrupted write left when it goes on', async () => {
    const runId = await start();
    studio.host.trainer(0).started();
    studio.host.trainer(0).epoch(1);
    studio.host.trainer(0).kill();
    const halfWritten = leaveInFolderOf(runId, '.epoch-000002.checkpoint.1000-2.tmp');
    await studio.handlers['runs.resume']({ runId });
    expect(existsSync(halfWritten)).toBe(false);
  });

  it('is not continued with other data than it began with', async () => {
    const runId = await start();
    studio.host.trainer(0).started();
    studio.host.trainer(0).epoch(1);
    studio.host.trainer(0).kill();
    await studio.handlers['runs.resume']({ runId });
    studio.host.trainer(1).started({ dataSha256: 'f'.repeat(64) });
    expect(await stateOf(runId)).toBe('crashed');
    expect(studio.host.trainer(1).ended).toBe(true);
  });
});

describe('several studios on one history', () => {
  it('hear of each other, and leave each other’s runs alone', async () => {
    const other = startTestStudio(home.path);
    const runId = await start();
    await expect.poll(() => other.events.of('runs.invalidated').length, { timeout: 5000 }).toBeGreaterThan(0);
    expect((await other.handlers['runs.list'](listAll)).runs[0]).toMatchObject({
      id: runId,
      state: 'running',
    });
    await expect(async () => other.handlers['runs.cancel']({ runId })).rejects.toThrow(/another window/);
    await other.studio.close(0);
  });
});

describe('deleting', () => {
  it('can be undone, until purging removes the files too', async () => {
    const runId = await start();
    studio.host.trainer(0).epoch(1);
    studio.host.trainer(0).finish();
    const file = leaveInFolderOf(runId, 'step-10.ckpt');
    await studio.handlers['runs.delete']({ runIds: [runId] });
    expect((await studio.handlers['runs.list'](listAll)).total).toBe(0);
    await studio.handlers['runs.restore']({ runIds: [runId] });
    expect((await studio.handlers['runs.list'](listAll)).total).toBe(1);
    await studio.handlers['runs.delete']({ runIds: [runId] });
    expect(await studio.handlers['runs.purge']({})).toEqual({ runs: 1, freedBytes: 7 });
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('of checkpoints follows the policy when a run ends', async () => {
    const settings = await studio.handlers['settings.get']({});
    await studio.handlers['settings.set']({ ...settings, checkpointPolicy: 'best-and-last' });
    const runId = await start();
    const trainer = studio.host.trainer(0);
    for (const epoch of [1, 2, 3]) trainer.epoch(epoch);
    trainer.finish();
    const { epochs } = await studio.handlers['runs.get']({ runId });
    expect(epochs.map((epoch) => epoch.checkpoint !== null)).toEqual([false, false, true]);
  });
});
