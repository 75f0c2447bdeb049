import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunDetail, RunState } from '../../shared/schema/run.ts';
import type { StoreSurroundings } from './owner.ts';
import type { RunStore } from './run-store.ts';
import {
  checkpointOf,
  epochRecord,
  newRun,
  point,
  preprocessingOf,
  query,
  sampleExperiment,
  sampleModel,
  sampleProvenance,
} from './store-test-kit.ts';

const A = 'run000000a';
const B = 'run000000b';
const C = 'run000000c';

/** Leads a fresh run to each state. */
const pathTo: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: [],
  running: ['running'],
  paused: ['running', 'paused'],
  finished: ['running', 'finished'],
  failed: ['running', 'failed'],
  cancelled: ['running', 'cancelled'],
  crashed: ['running', 'crashed'],
};

/** The allowed changes, written out a second time from the interface's words. */
const allowed: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'failed', 'cancelled', 'crashed'],
  running: ['paused', 'finished', 'failed', 'cancelled', 'crashed'],
  paused: ['queued', 'running', 'finished', 'failed', 'cancelled', 'crashed'],
  finished: [],
  failed: [],
  cancelled: [],
  crashed: ['queued', 'running'],
};
const states = Object.keys(allowed) as RunState[];

/** The tests that every {@link RunStore} passes. `create` makes an empty one with the given clock and processes. */
export function describeRunStore(name: string, create: (surroundings: StoreSurroundings) => RunStore): void {
  describe(`${name} as a run store`, () => {
    let store: RunStore;
    let nowMs = 0;
    const deadPids = new Set<number>();

    beforeEach(() => {
      nowMs = Date.UTC(2026, 0, 1);
      deadPids.clear();
      store = create({ now: () => nowMs, isProcessAlive: (pid) => !deadPids.has(pid) });
    });
    afterEach(() => store.close());

    function make(id: string, ...path: readonly RunState[]): void {
      store.createRun(newRun(id));
      for (const state of path) store.setState(id, state);
    }

    describe('creating and reading', () => {
      it('starts a run as queued with nothing measured', () => {
        const summary = store.createRun(newRun(A, { seed: 4_294_967_295 }));
        expect(summary).toMatchObject({
          id: A,
          name: 'Circles',
          dataset: 'circles',
          group: 'First steps',
          seed: 4_294_967_295,
          state: 'queued',
          epochsDone: 0,
          epochsPlanned: 5,
          sparkline: [],
          createdAt: '2026-01-01T00:00:00.000Z',
          finishedAt: null,
          tags: [],
          failure: null,
        });
        expect(store.getSummary(A)).toEqual(summary);
      });

      it('gives back experiment, model and provenance as they were', () => {
        make(A, 'running');
        expect(store.getDetail(A).provenance).toBeNull();
        store.setProvenance(A, sampleProvenance);
        const detail = store.getDetail(A);
        expect(detail.experiment).toEqual(sampleExperiment());
        expect(detail.model).toEqual(sampleModel);
        expect(detail.provenance).toEqual(sampleProvenance);
        expect(detail.summary.engineKind).toBe('cpu');
      });

      it('names the file of the fitted preparation once there is one', () => {
        make(A, 'running');
        expect(store.getDetail(A).preprocessing).toBeNull();
        store.setPreprocessing(A, preprocessingOf(A));
        expect(store.getDetail(A).preprocessing).toEqual(preprocessingOf(A));
        store.setState(A, 'finished');
        expect(() => store.setPreprocessing(A, preprocessingOf(A))).toThrow(
          expect.objectContaining({ code: 'conflict' }),
        );
      });

      it('refuses an id twice', () => {
        make(A);
        expect(() => store.createRun(newRun(A))).toThrow(expect.objectContaining({ code: 'conflict' }));
      });

      it('refuses every unknown id', () => {
        const calls = [
          () => store.getSummary(A),
          () => store.getDetail(A),
          () => store.setState(A, 'running'),
          () => store.setProvenance(A, sampleProvenance),
          () => store.setPreprocessing(A, preprocessingOf(A)),
          () => store.appendEpoch(A, epochRecord(A, 1, 1)),
          () => store.appendFinalPoints(A, []),
          () => store.setPausePoint(A, null),
          () => store.latestCheckpoint(A),
          () => store.isAbandoned(A, 1),
          () => store.releaseCheckpoints(A),
          () => store.appendLog(A, []),
          () => store.annotate(A, {}),
          () => store.delete([A]),
          () => store.restore([A]),
        ];
        for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: 'not-found' }));
      });
    });

    describe('states', () => {
      const pairs = states.flatMap((from) => states.map((to) => [from, to] as const));
      it.each(pairs)('%s -> %s is allowed or refused as the interface says', (from, to) => {
        make(A, ...pathTo[from]);
        if (allowed[from].includes(to)) {
          expect(store.setState(A, to).state).toBe(to);
        } else {
          expect(() => store.setState(A, to)).toThrow(expect.objectContaining({ code: 'conflict' }));
          expect(store.getSummary(A).state).toBe(from);
        }
      });

      it('notes when a run ended, how long it trained and why it failed', () => {
        make(A, 'running');
        nowMs += 5000;
        const failure = { code: 'not-a-number', message: 'loss is NaN', details: { step: 7 } };
        const summary = store.setState(A, 'failed', { failure, durationMs: 4321.5 });
        expect(summary).toMatchObject({
          failure,
          durationMs: 4321.5,
          finishedAt: '2026-01-01T00:00:05.000Z',
        });
      });

      it.each(['finished', 'failed', 'cancelled'] as const)('takes nothing more once %s', (state) => {
        make(A, ...pathTo[state]);
        const before = store.getDetail(A);
        const calls = [
          () => store.appendEpoch(A, epochRecord(A, 1, 1)),
          () => store.appendFinalPoints(A, [point('test', 'loss', 1, 1)]),
          () => store.appendLog(A, [{ at: 'now', level: 'info', text: 'late' }]),
          () => store.setProvenance(A, sampleProvenance),
          () => store.setPausePoint(A, null),
        ];
        for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: 'conflict' }));
        expect(store.getDetail(A)).toEqual(before);
        expect(store.annotate(A, { name: 'Renamed' }).name).toBe('Renamed');
      });
    });

    describe('epochs', () => {
      it('stores points, headline, sparkline and times together', () => {
        make(A, 'running');
        store.appendEpoch(A, epochRecord(A, 1, 0.9));
        const summary = store.appendEpoch(A, epochRecord(A, 2, 0.1 + 0.2, false));
        expect(summary).toMatchObject({
          epochsDone: 2,
          durationMs: 100,
          examplesPerSecond: 1002,
          sparkline: [0.9, 0.1 + 0.2],
          headline: { epoch: 2, trainLoss: 0.5, devLoss: 0.1 + 0.2, devAccuracy: 0.52, testLoss: null },
        });
        const detail = store.getDetail(A);
        expect(detail.epochs).toEqual([epochRecord(A, 1, 0.9).epoch, epochRecord(A, 2, 0, false).epoch]);
        expect(detail.series.find((s) => s.split === 'dev' && s.metric === 'loss')).toEqual({
          split: 'dev',
          metric: 'loss',
          epochs: [1, 2],
          steps: [10, 20],
          values: [0.9, 0.1 + 0.2],
        });
      });

      it('keeps every bit of a number and a missing one as null', () => {
        make(A, 'running');
        const values = [Math.PI, Number.MIN_VALUE, Number.MAX_VALUE, -1 / 3, null];
        values.forEach((value, i) => store.appendEpoch(A, epochRecord(A, i + 1, value)));
        const curve = store.getDetail(A).series.find((s) => s.split === 'dev' && s.metric === 'loss');
        expect(curve?.values).toEqual(values);
      });

      it('refuses an epoch twice and a gap, and keeps what it had', () => {
        make(A, 'running');
        store.appendEpoch(A, epochRecord(A, 1, 0.9));
        const before = store.getDetail(A);
        for (const epoch of [1, 3]) {
          expect(() => store.appendEpoch(A, epochRecord(A, epoch, 0.1))).toThrow(
            expect.objectContaining({ code: 'conflict' }),
          );
        }
        expect(store.getDetail(A)).toEqual(before);
      });

      it('shows the newest value of points measured after the last epoch', () => {
        make(A, 'running');
        store.appendEpoch(A, epochRecord(A, 1, 0.9));
        const summary = store.appendFinalPoints(A, [
          point('test', 'loss', 1, 0.7),
          point('test', 'accuracy', 1, 0.8),
        ]);
        expect(summary.headline).toMatchObject({ epoch: 1, testLoss: 0.7, testAccuracy: 0.8, devLoss: 0.9 });
        expect(summary.sparkline).toEqual([0.9]);
      });

      it('thins the sparkline of a long run to 60 points, first and last kept', () => {
        make(A, 'running');
        for (let epoch = 1; epoch <= 1000; epoch++) {
          const { sparkline } = store.appendEpoch(A, epochRecord(A, epoch, epoch));
          expect(sparkline.length).toBeLessThanOrEqual(60);
          expect(sparkline[0]).toBe(1);
          expect(sparkline.at(-1)).toBe(epoch);
        }
        const { sparkline } = store.getSummary(A);
        expect(sparkline.length).toBeGreaterThan(29);
        expect([...sparkline].sort((a, b) => Number(a) - Number(b))).toEqual(sparkline);
      });

      it('draws the training loss where there is no dev split', () => {
        const whole = sampleExperiment();
        const split = { ...whole.data.split, devFraction: 0 };
        const experiment = { ...whole, data: { ...whole.data, split } };
        store.createRun(newRun(A, { experiment }));
        store.setState(A, 'running');
        expect(store.appendEpoch(A, epochRecord(A, 1, 0.9)).sparkline).toEqual([1]);
      });

      it('keeps log lines in order', () => {
        make(A, 'running');
        const lines = ['one', 'two', 'three'].map((text) => ({ at: 'now', level: 'info' as const, text }));
        store.appendLog(A, lines.slice(0, 2));
        store.appendLog(A, lines.slice(2));
        expect(store.getDetail(A).log).toEqual(lines);
      });
    });

    describe('checkpoints', () => {
      it('resumes from the last epoch, or from a pause after it', () => {
        make(A, 'running');
        expect(store.latestCheckpoint(A)).toBeNull();
        store.appendEpoch(A, epochRecord(A, 1, 1));
        expect(store.latestCheckpoint(A)).toEqual({ step: 10, checkpoint: checkpointOf(A, 10) });
        const pause = { step: 14, checkpoint: checkpointOf(A, 14), durationMs: 70 };
        expect(store.setPausePoint(A, pause)).toBeNull();
        expect(store.latestCheckpoint(A)).toEqual({ step: 14, checkpoint: checkpointOf(A, 14) });
        expect(store.getSummary(A).durationMs).toBe(70);
        store.appendEpoch(A, epochRecord(A, 2, 1));
        expect(store.latestCheckpoint(A)?.step).toBe(20);
        expect(store.setPausePoint(A, null)).toEqual(checkpointOf(A, 14));
      });

      it('releases all but the last and the best', () => {
        make(A, 'running');
        [true, true, false, false].forEach((best, i) => store.appendEpoch(A, epochRecord(A, i + 1, 1, best)));
        expect(store.releaseCheckpoints(A)).toEqual([checkpointOf(A, 10), checkpointOf(A, 30)]);
        const kept = store.getDetail(A).epochs.filter((epoch) => epoch.checkpoint !== null);
        expect(kept.map((epoch) => epoch.epoch)).toEqual([2, 4]);
        expect(store.releaseCheckpoints(A)).toEqual([]);
      });
    });

    describe('owners', () => {
      it('marks runs of dead owners crashed, and no others', () => {
        store.createRun(newRun(A, { ownerPid: 100 }));
        store.createRun(newRun(B, { ownerPid: 200 }));
        store.createRun(newRun(C, { ownerPid: 100 }));
        for (const id of [A, B, C]) store.setState(id, 'running');
        store.setState(C, 'finished');
        expect(store.markCrashed(30_000)).toEqual([]);
        deadPids.add(100);
        expect(store.markCrashed(30_000).map((run) => [run.id, run.state])).toEqual([[A, 'crashed']]);
        expect(store.getSummary(B).state).toBe('running');
        expect(store.getSummary(C).state).toBe('finished');
      });

      it('marks silent owners, and believes a heartbeat of the owner only', () => {
        store.createRun(newRun(A, { ownerPid: 100 }));
        store.createRun(newRun(B, { ownerPid: 200 }));
        nowMs += 31_000;
        store.heartbeat([A, B], 200);
        expect(store.markCrashed(30_000).map((run) => run.id)).toEqual([A]);
        store.heartbeat(['run00unknown'], 200);
      });

      it('leaves a paused run paused when its owner ends, free for another to take over', () => {
        store.createRun(newRun(A, { ownerPid: 100 }));
        store.setState(A, 'running');
        store.setState(A, 'paused');
        expect(store.isAbandoned(A, 30_000)).toBe(false);
        deadPids.add(100);
        expect(store.markCrashed(30_000)).toEqual([]);
        expect(store.isAbandoned(A, 30_000)).toBe(true);
        expect(store.setState(A, 'queued', { ownerPid: 200 }).state).toBe('queued');
        expect(store.isAbandoned(A, 30_000)).toBe(false);
      });

      it('hands a crashed run to the process that resumes it', () => {
        store.createRun(newRun(A, { ownerPid: 100 }));
        deadPids.add(100);
        store.markCrashed(30_000);
        nowMs += 60_000;
        store.setState(A, 'running', { ownerPid: 200 });
        expect(store.markCrashed(30_000)).toEqual([]);
        store.appendEpoch(A, epochRecord(A, 1, 1));
        deadPids.add(200);
        expect(store.markCrashed(30_000)).toHaveLength(1);
      });
    });

    describe('deleting', () => {
      it('hides, restores and purges', () => {
        make(A, 'running');
        store.appendEpoch(A, epochRecord(A, 1, 1));
        store.setPausePoint(A, { step: 12, checkpoint: checkpointOf(A, 12), durationMs: 1 });
        store.setPreprocessing(A, preprocessingOf(A));
        store.setState(A, 'crashed');
        make(B, 'running', 'finished');
        store.delete([A, B]);
        expect(store.list(query()).total).toBe(0);
        expect(store.list(query({ deleted: true })).total).toBe(2);
        expect(store.getSummary(A).deletedAt).toBe('2026-01-01T00:00:00.000Z');
        store.restore([B]);
        expect(store.purge()).toEqual({
          runIds: [A],
          artifacts: [checkpointOf(A, 10), checkpointOf(A, 12), preprocessingOf(A)],
        });
        expect(store.list(query()).runs.map((run) => run.id)).toEqual([B]);
        expect(() => store.getDetail(A)).toThrow(expect.objectContaining({ code: 'not-found' }));
      });

      it.each(['queued', 'running', 'paused'] as const)(
        'refuses a %s run, and the others with it',
        (state) => {
          make(A, 'running', 'finished');
          make(B, ...pathTo[state]);
          expect(() => store.delete([A, B])).toThrow(expect.objectContaining({ code: 'conflict' }));
          expect(store.list(query()).total).toBe(2);
        },
      );
    });

    describe('taking in runs that ended elsewhere', () => {
      function carried(): RunDetail {
        store.createRun(newRun(A, { seed: 9, experimentId: 'circles', variant: 'wide' }));
        store.setState(A, 'running');
        store.setProvenance(A, sampleProvenance);
        store.setPreprocessing(A, preprocessingOf(A));
        store.appendEpoch(A, epochRecord(A, 1, 0.5));
        store.appendEpoch(A, epochRecord(A, 2, null, false));
        store.appendFinalPoints(A, [point('test', 'accuracy', 2, 0.75)]);
        store.appendLog(A, [{ at: '2026-01-01T00:00:01.000Z', level: 'info', text: 'done' }]);
        store.annotate(A, { name: 'Carried', notes: 'from the lab', tags: ['x'] });
        nowMs += 60_000;
        store.setState(A, 'finished', { durationMs: 123 });
        return store.getDetail(A);
      }

      it('keeps everything of them, their times too', () => {
        const detail = carried();
        store.delete([A]);
        store.purge();
        nowMs += 86_400_000;
        expect(store.importRun(detail)).toEqual(detail.summary);
        expect(store.getDetail(A)).toEqual(detail);
      });

      it('refuses one that it has, or had and can restore, and one that still lives', () => {
        const detail = carried();
        expect(() => store.importRun(detail)).toThrow(expect.objectContaining({ code: 'conflict' }));
        store.delete([A]);
        expect(() => store.importRun(detail)).toThrow(expect.objectContaining({ code: 'conflict' }));
        const living = { ...detail, summary: { ...detail.summary, id: B, state: 'paused' as const } };
        expect(() => store.importRun(living)).toThrow(/has not|cannot be carried over/);
        expect(() => store.getSummary(B)).toThrow();
      });
    });

    it('hands out copies: changing a result changes no history', () => {
      make(A, 'running');
      store.appendEpoch(A, epochRecord(A, 1, 0.5));
      const detail = store.getDetail(A);
      detail.summary.tags.push('forged');
      detail.series[0]?.values.fill(99);
      detail.epochs.length = 0;
      expect(store.getDetail(A)).not.toEqual(detail);
      expect(store.getDetail(A).epochs).toHaveLength(1);
      expect(store.getSummary(A).tags).toEqual([]);
    });

    it('sees no foreign write in its own', () => {
      const before = store.dataVersion();
      make(A, 'running');
      store.appendEpoch(A, epochRecord(A, 1, 0.5));
      store.heartbeat([A], process.pid);
      expect(store.dataVersion()).toBe(before);
    });
  });
}
