import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreSurroundings } from './owner.ts';
import type { RunStore } from './run-store.ts';
import { epochRecord, newRun, point, sampleExperiment, sampleProvenance } from './store-test-kit.ts';

const A = 'run000000a';
const B = 'run000000b';

/** What every {@link RunStore} tells of several runs at once. `create` makes an empty one. */
export function describeRunRecords(
  name: string,
  create: (surroundings: StoreSurroundings) => RunStore,
): void {
  describe(`${name} as a history of many runs`, () => {
    let store: RunStore;
    beforeEach(() => {
      store = create({ now: () => Date.UTC(2026, 0, 1), isProcessAlive: () => true });
      for (const id of [A, B]) {
        store.createRun(newRun(id, { experiment: sampleExperiment({ name: id }) }));
        store.setState(id, 'running');
      }
      store.setProvenance(B, sampleProvenance);
      store.appendEpoch(A, epochRecord(A, 1, 0.5, true));
      store.appendEpoch(A, epochRecord(A, 2, 0.4, true));
      store.appendEpoch(A, epochRecord(A, 3, null, false));
      store.appendFinalPoints(A, [point('test', 'digit/accuracy', 2, 0.9)]);
    });
    afterEach(() => store.close());

    it('gives records in the order of the ids', () => {
      const [b, a] = store.getRecords([B, A]);
      expect(b).toEqual({
        summary: store.getSummary(B),
        experiment: sampleExperiment({ name: B }),
        provenance: sampleProvenance,
        bestEpoch: null,
      });
      expect(a).toMatchObject({ summary: { id: A }, provenance: null, bestEpoch: 2 });
      expect(store.getRecords([])).toEqual([]);
    });

    it('gives the curves asked for, in that order, and all for null', () => {
      const names = [
        { split: 'dev', metric: 'loss' },
        { split: 'test', metric: 'none' },
        { split: 'train', metric: 'loss' },
      ] as const;
      const [none, curves] = store.getCurves([B, A], names);
      expect(none).toEqual([]);
      expect(curves).toEqual([
        { split: 'dev', metric: 'loss', epochs: [1, 2, 3], steps: [10, 20, 30], values: [0.5, 0.4, null] },
        { split: 'train', metric: 'loss', epochs: [1, 2, 3], steps: [10, 20, 30], values: [1, 1 / 2, 1 / 3] },
      ]);
      expect(store.getCurves([A], null)).toEqual([store.getDetail(A).series]);
    });

    it('gives the last value of each curve until an epoch', () => {
      const read = (id: string, epoch: number) =>
        store
          .getValues([{ id, epoch }])[0]!
          .map(({ split, metric, value }) => [`${split}/${metric}`, value] as const);
      expect(read(A, 3)).toEqual([
        ['dev/accuracy', 0.53],
        ['dev/loss', null],
        ['test/digit/accuracy', 0.9],
        ['train/loss', 1 / 3],
      ]);
      expect(Object.fromEntries(read(A, 2))).toMatchObject({ 'dev/loss': 0.4, 'train/loss': 0.5 });
      expect(read(A, 1).map(([curve]) => curve)).toEqual(['dev/accuracy', 'dev/loss', 'train/loss']);
      expect(read(B, 9)).toEqual([]);
    });

    it('gives when epochs ended', () => {
      expect(store.getEpochTimes([B, A])).toEqual([
        { steps: [], durationsMs: [] },
        { steps: [10, 20, 30], durationsMs: [50, 50, 50] },
      ]);
    });

    it('refuses unknown ids', () => {
      const unknown = 'run00unknown';
      const refusal = expect.objectContaining({
        code: 'not-found',
        message: expect.stringContaining(unknown),
      });
      expect(() => store.getRecords([A, unknown])).toThrow(refusal);
      expect(() => store.getCurves([unknown], null)).toThrow(refusal);
      expect(() => store.getValues([{ id: unknown, epoch: 1 }])).toThrow(refusal);
      expect(() => store.getEpochTimes([A, unknown])).toThrow(refusal);
    });
  });
}
