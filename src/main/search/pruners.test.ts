import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prunerSpec, searchSpec, type PrunerSpec, type SearchSpec } from '../../shared/schema/search.ts';
import type { JudgedTrial, LearningCurve, Pruner } from './pruner.ts';
import { createPruner, halvingRungs, measureEvery } from './pruners.ts';

const pruner = (spec: object): Pruner => createPruner(prunerSpec.parse(spec));
const NET = '0/0/1';

function searchWith(pruner: object, change: object = {}): SearchSpec {
  const parameters = [{ kind: 'integer', name: 'a', paths: ['a'], minimum: 1, maximum: 2 }];
  return searchSpec.parse({ parameters, sampler: { kind: 'random', trials: 2 }, pruner, ...change });
}
const EPOCHS = 27;

/** A curve measured after every epoch from 1 on. */
const curve = (values: readonly number[]): LearningCurve => ({
  epochs: values.map((_, at) => at + 1),
  values,
});
function trialOf(
  number: number,
  values: readonly number[],
  state: JudgedTrial['state'] = 'finished',
): JudgedTrial {
  return { number, curves: new Map([[NET, curve(values)]]), results: new Map(), state };
}
/** A trial with a curve for each fold. */
function withFolds(
  number: number,
  folds: readonly (readonly number[])[],
  state: JudgedTrial['state'] = 'running',
): JudgedTrial {
  const curves = new Map(folds.map((values, fold) => [`0/${fold}/1`, curve(values)]));
  return { number, curves, results: new Map(), state };
}
function withResults(
  number: number,
  results: readonly number[],
  state: JudgedTrial['state'] = 'finished',
): JudgedTrial {
  return {
    number,
    curves: new Map(),
    results: new Map(results.map((value, fold) => [`0/${fold}/1`, value])),
    state,
  };
}

describe('the median pruner', () => {
  const median = pruner({ kind: 'median', startupTrials: 2, warmUpEpochs: 1 });
  const others = [trialOf(0, [9, 8, 4, 1]), trialOf(1, [9, 6, 5, 4]), trialOf(2, [9, 7, 9, 5])];
  const asks = (values: readonly number[], known = others): boolean =>
    median.shouldPrune(trialOf(9, values, 'running'), values.length, known);

  it('ends a net whose best value so far is above the median of the others at that epoch', () => {
    // At epoch 3 the others had 4, 5 and 9; what they had at best before does not count.
    expect(asks([9, 9, 5.1])).toBe(true);
    expect(asks([9, 9, 5])).toBe(false);
    expect(asks([9, 4.9, 30])).toBe(false);
  });

  it('takes the mean of the middle two of an even number', () => {
    expect(asks([9, 7.1], others.slice(0, 2))).toBe(true);
    expect(asks([9, 7], others.slice(0, 2))).toBe(false);
  });

  it('waits for so many finished trials, and asks about no epoch of the warm-up', () => {
    const running = others.map((other) => ({ ...other, state: 'running' as const }));
    expect(asks([9, 9, 99], [others[0]!, ...running.slice(1)])).toBe(false);
    expect(asks([9, 9, 99], [...others.slice(0, 2), running[2]!])).toBe(true);
    expect(median.rungs(5)).toEqual([2, 3, 4]);
    expect(median.rungs(1)).toEqual([]);
  });

  it('judges a trial by the mean of its nets that have come so far, beside the same nets of the others', () => {
    const known = [1, 2, 3].map((one) =>
      withFolds(
        one,
        [
          [99, one],
          [99, 10 * one],
        ],
        'finished',
      ),
    );
    // Folds 0 and 1 of the others came to 5.5, 11 and 16.5; fold 0 alone to 1, 2 and 3.
    const twoFolds = (values: readonly number[]) =>
      median.shouldPrune(
        withFolds(
          9,
          values.map((value) => [99, value]),
        ),
        2,
        known,
      );
    expect(twoFolds([3, 18.9])).toBe(false);
    expect(twoFolds([3, 19.1])).toBe(true);
    expect(twoFolds([2.1])).toBe(true);
    // The second fold is not there yet.
    expect(median.shouldPrune(withFolds(9, [[99, 1.9], [99]]), 2, known)).toBe(false);
  });

  it('compares a net with the same net of the others only', () => {
    const elsewhere = others.map((other) => ({ ...other, curves: new Map([['0/1/1', curve([0, 0, 0])]]) }));
    expect(asks([9, 9, 99], elsewhere)).toBe(false);
  });
});

/**
 * The stopping rule of asynchronous successive halving written from the paper: a rung keeps a sorted list of what has
 * come to it, and what comes is promoted where it is among the first floor(n / factor), at least the first.
 */
class ReferenceRungs {
  readonly #factor: number;
  readonly #rungs = new Map<number, number[]>();

  constructor(factor: number) {
    this.#factor = factor;
  }

  isPromoted(rung: number, value: number): boolean {
    const came = [...(this.#rungs.get(rung) ?? []), value].sort((a, b) => a - b);
    this.#rungs.set(rung, came);
    const last = came[Math.max(1, Math.floor(came.length / this.#factor)) - 1]!;
    return value <= last;
  }
}

/** Nets that train in turns, in any order, each for the same number of epochs. */
const anyTraining = fc.record({
  factor: fc.integer({ min: 2, max: 5 }),
  minimum: fc.integer({ min: 1, max: 4 }),
  curves: fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: EPOCHS, maxLength: EPOCHS }), {
    minLength: 1,
    maxLength: 12,
  }),
  turns: fc.infiniteStream(fc.nat()),
});

interface Decision {
  readonly trial: number;
  readonly epoch: number;
  readonly isPruned: boolean;
}

/** Trains the nets an epoch at a time and asks at the rungs; what is pruned trains no more. */
function train(
  judge: Pruner,
  curves: readonly (readonly number[])[],
  turns: Iterator<number>,
  decide: (trial: JudgedTrial, epoch: number, others: readonly JudgedTrial[]) => boolean,
): Decision[] {
  const decisions: Decision[] = [];
  const rungs = judge.rungs(EPOCHS);
  let trials = curves.map((_, number) => trialOf(number, [], 'running'));
  for (;;) {
    const going = trials.filter(({ state }) => state === 'running');
    if (going.length === 0) return decisions;
    const { number } = going[(turns.next().value as number) % going.length]!;
    const epoch = trials[number]!.curves.get(NET)!.values.length + 1;
    const trial = trialOf(number, curves[number]!.slice(0, epoch), epoch === EPOCHS ? 'finished' : 'running');
    trials = trials.map((one) => (one.number === number ? trial : one));
    if (!rungs.includes(epoch)) continue;
    const others = trials.filter((one) => one.number !== number);
    const isPruned = decide(trial, epoch, others);
    decisions.push({ trial: number, epoch, isPruned });
    if (isPruned) trials = trials.map((one) => (one === trial ? { ...trial, state: 'pruned' } : one));
  }
}

describe('asynchronous successive halving', () => {
  it('has its rungs at powers of the factor, below the last epoch', () => {
    expect(halvingRungs(1, 3, 27)).toEqual([1, 3, 9]);
    expect(halvingRungs(2, 4, 100)).toEqual([2, 8, 32]);
    expect(halvingRungs(5, 2, 5)).toEqual([]);
  });

  it('decides as a replay of the arrivals by the definition does', () => {
    fc.assert(
      fc.property(anyTraining, ({ factor, minimum, curves, turns }) => {
        const asha = pruner({ kind: 'asha', minimumEpochs: minimum, reductionFactor: factor });
        const reference = new ReferenceRungs(factor);
        train(asha, curves, turns, (trial, epoch, others) => {
          const isPruned = asha.shouldPrune(trial, epoch, others);
          const value = trial.curves.get(NET)!.values.at(-1)!;
          expect(isPruned).toBe(!reference.isPromoted(epoch, value));
          return isPruned;
        });
      }),
    );
  });

  it('leaves about one in the factor at each rung of many', () => {
    const asha = pruner({ kind: 'asha', minimumEpochs: 1, reductionFactor: 3 });
    // Values as if drawn, all different.
    const curves = Array.from({ length: 600 }, (_, trial) => Array<number>(EPOCHS).fill((trial * 271) % 601));
    const inOrder = (function* () {
      for (;;) yield 0;
    })();
    const decisions = train(asha, curves, inOrder, (trial, epoch, others) =>
      asha.shouldPrune(trial, epoch, others),
    );
    const wentOn = decisions.filter(({ epoch, isPruned }) => epoch === 1 && !isPruned).length;
    expect(wentOn).toBeGreaterThan(190);
    expect(wentOn).toBeLessThan(230);
    // 600 epochs at the first rung, and 27 for each would have been 16,200.
    const epochs = decisions.reduce((sum, { epoch, isPruned }) => sum + (isPruned ? epoch : 0), 0);
    expect(epochs).toBeLessThan(16_200 / 4);
  });

  it('ends a net whose objective is not finite, also the first one to come', () => {
    const asha = pruner({ kind: 'asha', minimumEpochs: 1, reductionFactor: 3 });
    expect(asha.shouldPrune(trialOf(0, [Infinity], 'running'), 1, [])).toBe(true);
    expect(asha.shouldPrune(trialOf(0, [5], 'running'), 1, [])).toBe(false);
  });

  it('goes by the mean over folds, so that one hard fold ends no trial that leads', () => {
    const asha = pruner({ kind: 'asha', minimumEpochs: 1, reductionFactor: 2 });
    const others = [withFolds(0, [[1], [9]]), withFolds(1, [[4], [4]]), withFolds(2, [[5], [5]])];
    // Each has a fold on which another is better; the means of the others are 5, 4 and 5.
    expect(asha.shouldPrune(withFolds(9, [[5], [2]]), 1, others)).toBe(false);
    expect(asha.shouldPrune(withFolds(9, [[1], [9.5]]), 1, others)).toBe(true);
  });

  it('compares the folds that are there with the same folds of the others, again each time more come', () => {
    const asha = pruner({ kind: 'asha', minimumEpochs: 1, reductionFactor: 2 });
    // Fold 1 is the hard one: whoever has come with it alone must not lose to those that have not.
    const others = [withFolds(0, [[1], [30]]), withFolds(1, [[2], [20]]), withFolds(2, [[1]])];
    const hardFold = (value: number): JudgedTrial => ({
      ...withFolds(9, []),
      curves: new Map([['0/1/1', curve([value])]]),
    });
    expect(asha.shouldPrune(hardFold(19), 1, others)).toBe(false);
    expect(asha.shouldPrune(hardFold(21), 1, others)).toBe(true);
    expect(asha.shouldPrune(withFolds(9, [[0.5]]), 1, others)).toBe(false);
    expect(asha.shouldPrune(withFolds(9, [[0.5], [40]]), 1, others)).toBe(true);
  });

  it('says nothing of a net that has not been measured at the rung', () => {
    const asha = pruner({ kind: 'asha', minimumEpochs: 2, reductionFactor: 3 });
    const unmeasured = { ...trialOf(0, [], 'running'), curves: new Map<string, LearningCurve>() };
    expect(asha.shouldPrune(unmeasured, 2, [trialOf(1, [1, 1])])).toBe(false);
    expect(asha.shouldPrune(trialOf(0, [3], 'running'), 0, [trialOf(1, [1, 1])])).toBe(false);
  });
});

/** P(W+ >= observed) over all signs of the differences' ranks; differences without zeros. */
function exactOneSided(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  const ranks = sizes.map(
    (size) =>
      sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2,
  );
  const sumOf = (isPositive: (at: number) => boolean): number =>
    ranks.reduce((sum, rank, at) => (isPositive(at) ? sum + rank : sum), 0);
  const observed = sumOf((at) => differences[at]! > 0);
  const patterns = [...Array(2 ** differences.length).keys()];
  return (
    patterns.filter((bits) => sumOf((at) => (bits >> at) % 2 === 1) >= observed).length / patterns.length
  );
}

describe('the Wilcoxon pruner', () => {
  const wilcoxon = pruner({ kind: 'wilcoxon', threshold: 0.1 });
  const asks = (
    results: readonly number[],
    others: readonly JudgedTrial[],
    judge: Pruner = wilcoxon,
  ): boolean => judge.shouldPrune(withResults(9, results, 'running'), 0, others);

  it('ends a trial once the one-sided test over the folds shared with the best one says so', () => {
    const differences = fc.array(
      fc.integer({ min: -9, max: 9 }).filter((difference) => difference !== 0),
      { minLength: 2, maxLength: 9 },
    );
    fc.assert(
      fc.property(differences, fc.constantFrom(0.05, 0.1, 0.3, 0.6), (all, threshold) => {
        const best = withResults(0, all.map((_, fold) => fold).concat(3));
        const own = all.map((difference, fold) => fold + difference);
        const isWorse = all.reduce((sum, difference) => sum + difference, 0) > 0;
        // With a threshold above a half even a balanced sum of ranks would do.
        const p = exactOneSided(all);
        fc.pre(Math.abs(p - threshold) > 1e-9);
        const judge = pruner({ kind: 'wilcoxon', threshold });
        expect(asks(own, [best], judge)).toBe(isWorse && p < Math.min(threshold, 0.5 + 1e-9));
      }),
    );
  });

  it('needs four folds for a tenth, and does not go by one fold that is much worse', () => {
    const best = withResults(0, [1, 1, 1, 1, 1, 1]);
    expect(asks([2, 3, 4], [best])).toBe(false);
    expect(asks([2, 3, 4, 5], [best])).toBe(true);
    // Better on all folds but one, by which its mean is worse.
    const even = withResults(1, Array<number>(9).fill(1));
    expect(asks([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 90], [even])).toBe(false);
  });

  it('compares with the best finished trial by its mean, and with none while none has finished', () => {
    const [poor, good] = [withResults(0, [9, 9, 9, 9]), withResults(1, [1, 1, 1, 1])];
    expect(asks([5, 6, 7, 8], [poor])).toBe(false);
    expect(asks([5, 6, 7, 8], [poor, good])).toBe(true);
    expect(asks([5, 6, 7, 8], [poor, { ...good, state: 'running' }])).toBe(false);
    expect(asks([5, 6, 7, 8], [])).toBe(false);
  });

  it('waits for so many folds, counting shared ones alone', () => {
    const late = pruner({ kind: 'wilcoxon', threshold: 0.1, startupFolds: 6 });
    const best = withResults(0, [1, 1, 1, 1, 1, 1]);
    expect(asks([5, 5, 5, 5, 5], [best], late)).toBe(false);
    expect(asks([5, 5, 5, 5, 5, 5], [best], late)).toBe(true);
    expect(asks([5, 5, 5, 5, 5, 5], [withResults(0, [1, 1, 1])])).toBe(false);
  });

  it('ends a trial that is not finite on its folds, and takes none such for a rival', () => {
    const lost = Array<number>(4).fill(Infinity);
    expect(asks(lost, [withResults(0, [1, 1, 1, 1])])).toBe(true);
    expect(asks(lost, [withResults(0, lost)])).toBe(false);
    expect(asks([5, 6, 7, 8], [withResults(0, lost), withResults(1, [1, 1, 1, 1])])).toBe(true);
  });

  it('leaves trials that equal the best one alone', () => {
    expect(asks([1, 2, 3, 4, 5, 6], [withResults(0, [1, 2, 3, 4, 5, 6])])).toBe(false);
  });
});

const ofEpochs: readonly PrunerSpec[] = [
  prunerSpec.parse({ kind: 'median', startupTrials: 1 }),
  prunerSpec.parse({ kind: 'asha', reductionFactor: 2 }),
  prunerSpec.parse({ kind: 'none' }),
];

describe('the points of a curve', () => {
  it('are at all rungs of halving, and so close that what is dropped stops soon', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2, max: 10 }), (minimum, factor) => {
        const asha = { kind: 'asha', minimumEpochs: minimum, reductionFactor: factor };
        const every = measureEvery(searchWith(asha))!;
        for (const rung of pruner(asha).rungs(10_000)) expect(rung % every).toBe(0);
        expect(every).toBeLessThanOrEqual(Math.max(1, minimum / 5));
      }),
    );
    expect(measureEvery(searchWith({ kind: 'asha', minimumEpochs: 25 }))).toBe(5);
  });

  it('are all epochs where the median or the best one is wanted, and left open where the last one counts', () => {
    expect(measureEvery(searchWith({ kind: 'median' }))).toBe(1);
    expect(measureEvery(searchWith({ kind: 'none' }, { objective: { at: 'best' } }))).toBe(1);
    expect(measureEvery(searchWith({ kind: 'none' }, { secondObjective: { at: 'best' } }))).toBe(1);
    expect(measureEvery(searchWith({ kind: 'wilcoxon' }))).toBeNull();
    expect(measureEvery(searchWith({ kind: 'none' }))).toBeNull();
  });
});

describe.each(ofEpochs)('the pruner $kind', (spec) => {
  it('never ends a trial that leads at every epoch', () => {
    fc.assert(
      fc.property(anyTraining, fc.nat(), ({ curves, turns }, chosen) => {
        const best = chosen % curves.length;
        const led = curves.map((values, number) => (number === best ? values.map(() => -1) : values));
        const judge = createPruner(spec);
        const decisions = train(judge, led, turns, (trial, epoch, others) =>
          judge.shouldPrune(trial, epoch, others),
        );
        expect(decisions.filter(({ trial, isPruned }) => trial === best && isPruned)).toEqual([]);
      }),
    );
  });

  it('decides the same again of the same, in whatever order the others are shown', () => {
    fc.assert(
      fc.property(anyTraining, ({ curves, turns }) => {
        const [judge, another] = [createPruner(spec), createPruner(spec)];
        train(judge, curves, turns, (trial, epoch, others) => {
          const isPruned = judge.shouldPrune(trial, epoch, others);
          expect(judge.shouldPrune(trial, epoch, others)).toBe(isPruned);
          expect(another.shouldPrune(trial, epoch, [...others].reverse())).toBe(isPruned);
          return isPruned;
        });
      }),
    );
  });
});
