import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import { searchSpec, type SearchSpec } from '../../shared/schema/search.ts';
import type { SearchPoint } from '../../shared/schema/study.ts';
import { memberKey, type StudyMember } from './member.ts';
import { foldCount, kindOf, membersOf, netsPerTrial } from './members.ts';

const whole = experiment.parse({
  schemaVersion: 1,
  name: 'Circles',
  data: { dataset: 'circles' },
  model: {
    layers: [
      { kind: 'dense', units: 8 },
      { kind: 'dropout', rate: 0.1 },
      { kind: 'dense', units: 2 },
    ],
  },
  training: { optimizer: { kind: 'sgd', learningRate: 0.1 } },
  search: {
    parameters: [
      { kind: 'uniform', name: 'rate', paths: ['training.optimizer.learningRate'], minimum: 0, maximum: 1 },
      {
        kind: 'uniform',
        name: 'decay',
        paths: ['training.optimizer.weightDecay'],
        minimum: 0,
        maximum: 1,
      },
      { kind: 'uniform', name: 'momentum', paths: ['training.optimizer.momentum'], minimum: 0, maximum: 1 },
      { kind: 'uniform', name: 'dropout', paths: ['model.layers.1.rate'], minimum: 0, maximum: 0.9 },
      { kind: 'integer', name: 'epochs', paths: ['training.epochs'], minimum: 1, maximum: 9 },
      { kind: 'integer', name: 'units', paths: ['model.layers.0.units'], minimum: 1, maximum: 9 },
      { kind: 'choice', name: 'batch', paths: ['training.batchSize'], values: [4, 8] },
      {
        kind: 'choice',
        name: 'optimizer',
        paths: ['training.optimizer'],
        values: [{ kind: 'adam', learningRate: 1 }],
      },
    ],
    sampler: { kind: 'random', trials: 3 },
  },
});

const cuts = (change: Partial<SearchSpec>): SearchSpec => searchSpec.parse({ ...whole.search, ...change });
const anyCut = fc
  .record({
    folds: fc.integer({ min: 0, max: 6 }),
    foldRepeats: fc.integer({ min: 1, max: 3 }),
    seeds: fc.integer({ min: 1, max: 3 }),
  })
  .map(cuts);

describe("a trial's nets", () => {
  it('are each fold of each repeat with each seed, once, and as many as was said', () => {
    fc.assert(
      fc.property(anyCut, fc.integer({ min: 2, max: 9 }), (search, available) => {
        const members = membersOf(whole, search, 5, 2, { rate: 0.5 }, available);
        expect(members).toHaveLength(netsPerTrial(search, available));
        expect(new Set(members.map(memberKey)).size).toBe(members.length);
        const folds = search.folds === 0 ? available : search.folds;
        expect(foldCount(search, available)).toBe(folds);
        for (const { trial, fold, repeat, seed } of members) {
          expect(trial).toBe(2);
          expect([fold < folds, repeat < search.foldRepeats, seed - 5 < search.seeds]).toEqual([
            true,
            true,
            true,
          ]);
        }
      }),
    );
  });

  it("are cut by the study's seed and by their fold and repeat alone", () => {
    fc.assert(
      fc.property(anyCut, fc.nat(1_000), (search, seed) => {
        const folds = foldCount(search, 7);
        for (const member of membersOf(whole, search, seed, 0, {}, 7)) {
          const cut = member.experiment.data.split.fold;
          expect(cut).toEqual(
            folds === 1 ? undefined : { index: member.fold, folds, repeat: member.repeat, seed },
          );
        }
      }),
    );
  });

  it('have the values of the point', () => {
    const [member] = membersOf(whole, cuts({}), 1, 0, { rate: 0.25, units: 3 }, 7);
    expect(member!.experiment.training.optimizer.learningRate).toBe(0.25);
    expect(member!.experiment.model.layers[0]).toMatchObject({ units: 3 });
    expect(member!.experiment.search).toBeNull();
  });

  it('keep seeds that a run can have', () => {
    const members = membersOf(whole, cuts({ seeds: 3 }), 0xffff_ffff, 0, {}, 7);
    expect(members.map(({ seed }) => seed)).toEqual([0xffff_ffff, 0, 1]);
  });
});

describe('the guess which nets may train as one population', () => {
  const at = (point: SearchPoint): StudyMember => membersOf(whole, cuts({}), 1, 0, point, 7)[0]!;

  const kindsOf = (points: readonly SearchPoint[]): Set<string> =>
    new Set(points.map((point) => kindOf(at(point))));

  it('takes nets together that differ in numbers alone', () => {
    const points = [
      {},
      { rate: 0.3 },
      { decay: 0.3 },
      { momentum: 0.3 },
      { dropout: 0.3 },
      { epochs: 3 },
    ] as const;
    expect(kindsOf(points).size).toBe(1);
  });

  it('parts nets of other sizes, optimizers and batches', () => {
    const points = [
      {},
      { units: 3 },
      { batch: 4 },
      { optimizer: { kind: 'adam', learningRate: 1 } },
    ] as const;
    expect(kindsOf(points).size).toBe(4);
  });
});
