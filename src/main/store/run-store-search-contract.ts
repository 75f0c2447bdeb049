import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
