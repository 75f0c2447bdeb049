import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRunsFilter } from '../../shared/experiment/parse-runs-filter.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import type { StoreSurroundings } from './owner.ts';
import type { RunStore } from './run-store.ts';
import { epochRecord, newRun, point, query, sampleExperiment } from './store-test-kit.ts';

const A = 'run000000a';
const B = 'run000000b';
const C = 'run000000c';

/** The runs of one experiment that no variant names. */
const key = (letter: string) => ({ experimentSha256: letter.repeat(64), experimentId: `none-${letter}` });

/** What every {@link RunStore} finds. `create` makes an empty one with the given clock. */
export function describeRunSearch(name: string, create: (surroundings: StoreSurroundings) => RunStore): void {
  describe(`${name} as a history to search`, () => {
    let store: RunStore;
    let nowMs = 0;

    beforeEach(() => {
      nowMs = Date.UTC(2026, 0, 1);
      store = create({ now: () => nowMs, isProcessAlive: () => true });
    });
    afterEach(() => store.close());

    function start(id: string): void {
      store.createRun(newRun(id));
      store.setState(id, 'running');
    }

    describe('searching', () => {
      beforeEach(() => {
        const names = ['Alpha net', 'beta NET', 'Gämma'];
        [A, B, C].forEach((id, i) => {
          nowMs += 1000;
          store.createRun(
            newRun(id, { experiment: sampleExperiment({ name: names[i] ?? '' }), seed: 10 - i }),
          );
        });
        store.setState(A, 'running');
        store.appendEpoch(A, epochRecord(A, 1, 0.5));
        store.setState(B, 'running');
        store.appendEpoch(B, epochRecord(B, 1, 0.25));
        store.annotate(B, { tags: ['Report', 'two words', 'Report'], notes: "50% off 'quoted'" });
      });
      const ids = (change: Parameters<typeof query>[0]): string[] =>
        store.list(query(change)).runs.map((run) => run.id);

      it('lists the newest first', () => expect(ids({})).toEqual([C, B, A]));

      it.each([
        ['net', [B, A]],
        ['NET beta', [B]],
        ['gÄmma', [C]],
        ['circles', [C, B, A]],
        ['report two', [B]],
        ["50% 'quoted'", [B]],
        ['%', [B]],
        ['000b', [B]],
        ['  ', [C, B, A]],
        ['net gamma', []],
      ])('finds every word of %j in name, tags, notes, dataset or id', (text, expected) => {
        expect(ids({ text })).toEqual(expected);
      });

      it('filters by state and tag', () => {
        expect(ids({ states: ['running'] })).toEqual([B, A]);
        expect(ids({ tag: 'Report' })).toEqual([B]);
        expect(ids({ tag: 'report' })).toEqual([]);
        expect(store.getSummary(B).tags).toEqual(['Report', 'two words']);
      });

      it('sorts by any column, runs without the number last', () => {
        expect(ids({ sort: 'devLoss', descending: false })).toEqual([B, A, C]);
        expect(ids({ sort: 'devLoss', descending: true })).toEqual([A, B, C]);
        expect(ids({ sort: 'name', descending: false })).toEqual([A, B, C]);
        expect(ids({ sort: 'seed', descending: false })).toEqual([C, B, A]);
        expect(ids({ sort: 'state', descending: false })).toEqual([C, A, B]);
      });

      it('pages, and counts all matches', () => {
        const page = store.list(query({ limit: 1, offset: 1 }));
        expect(page.runs.map((run) => run.id)).toEqual([B]);
        expect(page.total).toBe(3);
      });
    });

    describe('conditions on fields', () => {
      const adam = { kind: 'adam', learningRate: 0.001 } as const;
      beforeEach(() => {
        const optimizers = [{ kind: 'sgd', learningRate: 0.1, nesterov: true }, adam, adam] as const;
        [A, B, C].forEach((id, i) => {
          const made = experiment.parse({
            ...sampleExperiment({ name: ['One', 'two', 'Two'][i]! }),
            training: { optimizer: optimizers[i], batchSize: [8, 8, 64][i] },
          });
          store.createRun(newRun(id, { experiment: made, seed: i + 1 }));
          store.setState(id, 'running');
        });
        store.appendEpoch(A, epochRecord(A, 1, 0.5));
        store.appendEpoch(B, epochRecord(B, 1, 0.25));
        store.appendFinalPoints(B, [point('test', 'accuracy', 1, 0.9)]);
        store.annotate(A, { tags: ['Paper', 'x'], notes: 'odd' });
        store.setState(C, 'failed', { failure: { code: 'c', message: 'Loss is NaN', details: {} } });
      });

      const found = (typed: string): string[] => {
        const { conditions, faults } = parseRunsFilter(typed);
        expect(faults).toEqual([]);
        return store
          .list(query({ filter: conditions, sort: 'seed', descending: false }))
          .runs.map((run) => run.id);
      };

      it.each([
        ['acc > .5', [A, B]],
        ['acc > .51', [B]],
        ['testAccuracy:none', [A, C]],
        ['testAccuracy!=none', [B]],
        ['dev.loss <= .25', [B]],
        ['dev.loss != .25', [A, C]],
        ['optimizer:adam', [B, C]],
        ['optimizer:ADAM,sgd', [A, B, C]],
        ['optimizer!=adam', [A]],
        ['training.optimizer.nesterov:true', [A]],
        ['training.optimizer.nesterov:none', [B, C]],
        ['training.optimizer.kind > 1', []],
        ['model.layers.0.units:2', [A, B, C]],
        ['model.layers.7.units:2', []],
        ['lr<.01 batch:8', [B]],
        ['name:two', [B, C]],
        ['name="Two"', [B, C]],
        ['tag:paper', [A]],
        ['tag:none', [B, C]],
        ['tag!=paper,y', [B, C]],
        ['state:failed,queued', [C]],
        ['failure:nan', [C]],
        ['notes:none', [B, C]],
        ['created:2026-01-01', [A, B, C]],
        ['created > 2026-01-02', []],
      ])('%s', (typed, expected) => expect(found(typed)).toEqual(expected));

      it('sorts by any field, runs without it last', () => {
        const sorted = (sortField: string, descending: boolean): string[] =>
          store.list(query({ sortField, descending })).runs.map((run) => run.id);
        expect(sorted('training.batchSize', true)).toEqual([C, B, A]);
        expect(sorted('training.optimizer.nesterov', false)).toEqual([A, B, C]);
        expect(sorted('name', false)).toEqual([A, B, C]);
        expect(sorted('loss', false)).toEqual([B, A, C]);
      });

      it('brings values of fields along', () => {
        const columns = [
          'training.optimizer.nesterov',
          'training.batchSize',
          'tags',
          'name',
          'model.layers',
          'loss',
        ];
        const page = store.list(query({ columns, sort: 'seed', descending: false, limit: 2 }));
        expect(page.columns?.map((row) => [...row.slice(0, 4), row[5]])).toEqual([
          [true, 8, 'Paper, x', 'One', 0.5],
          [null, 8, null, 'two', 0.25],
        ]);
        expect(JSON.parse(String(page.columns?.[0]?.[4]))).toEqual(sampleExperiment().model.layers);
        expect(store.list(query()).columns).toBeUndefined();
      });

      it('puts groups together and counts them over all pages', () => {
        const page = store.list(
          query({ groupBy: 'training.optimizer.kind', descending: false, limit: 1, offset: 1 }),
        );
        expect(page.runs.map((run) => run.id)).toEqual([C]);
        expect(page.groups).toEqual([
          { value: 'adam', count: 2 },
          { value: 'sgd', count: 1 },
        ]);
        expect(store.list(query({ groupBy: 'training.optimizer.nesterov' })).groups).toEqual([
          { value: true, count: 1 },
          { value: null, count: 2 },
        ]);
        expect(store.list(query({ groupBy: 'name' })).groups?.map(({ value }) => value)).toEqual([
          'One',
          'Two',
          'two',
        ]);
        expect(page.total).toBe(3);
      });

      it('names the mean and spread of numbers per group, over those that have one', () => {
        const grouped = (groupBy: string) =>
          store.list(query({ groupBy, groupMeans: ['loss', 'name'], limit: 1 })).groups;
        expect(grouped('training.optimizer.kind')?.map(({ means }) => means?.[0])).toEqual([
          { count: 1, mean: 0.25, standardDeviation: null },
          { count: 1, mean: 0.5, standardDeviation: null },
        ]);
        const [all] = grouped('schemaVersion.x') ?? [];
        expect(all?.means?.[0]).toMatchObject({ count: 2, mean: 0.375 });
        // Deviations of 1/8 to either side: sqrt(2 / 64).
        expect(all?.means?.[0]?.standardDeviation).toBeCloseTo(Math.sqrt(2 / 64), 9);
        expect(all?.means?.[1]).toEqual({ count: 0, mean: null, standardDeviation: null });
      });
    });

    describe('newest and best', () => {
      it('takes the newest of all and the best finished by dev, never by test', () => {
        const losses = { [A]: 0.5, [B]: 0.4, [C]: 0.1 };
        for (const [id, devLoss] of Object.entries(losses)) {
          nowMs += 1000;
          start(id);
          store.appendEpoch(id, epochRecord(id, 1, devLoss));
          store.appendFinalPoints(id, [point('test', 'accuracy', 1, id === A ? 1 : 0.1)]);
        }
        store.setState(A, 'finished');
        store.setState(B, 'finished');
        const { newest, best } = store.newestAndBest(key('a'));
        expect([newest?.id, best?.id]).toEqual([C, B]);
        store.delete([B]);
        expect(store.newestAndBest(key('a')).best?.id).toBe(A);
        expect(store.newestAndBest(key('b'))).toEqual({ newest: null, best: null });
      });

      it('knows the runs of an experiment and of its variants, by variant and seed', () => {
        const from = { experimentId: 'cures', experimentSha256: 'c'.repeat(64) };
        store.createRun(newRun(A, { ...from, variant: 'K1', seed: 2 }));
        store.createRun(newRun(B, { ...from, variant: 'K0', seed: 3 }));
        store.createRun(newRun(C, { ...from, variant: 'K1', seed: 1 }));
        expect(store.runsOfExperiment('cures').map(({ id }) => id)).toEqual([B, C, A]);
        expect(store.runsOfExperiment('cures')[0]).toMatchObject({ experimentId: 'cures', variant: 'K0' });
        expect(
          store.newestAndBest({ experimentSha256: 'd'.repeat(64), experimentId: 'cures' }).newest?.id,
        ).toBe(C);
        store.setState(C, 'cancelled');
        store.delete([C]);
        expect(store.runsOfExperiment('cures').map(({ id }) => id)).toEqual([B, A]);
        expect(store.runsOfExperiment('others')).toEqual([]);
      });
    });
  });
}
