import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectiveSpec, prunerSpec } from '../../shared/schema/search.ts';
import type { FoldResult, TrialState, TrialSummary } from '../../shared/schema/study.ts';
import { StudyJudge, knownTrials } from './judge.ts';

const minimise = objectiveSpec.parse({});
const maximise = objectiveSpec.parse({ metric: 'accuracy', direction: 'maximise' });
const judgeBy = (pruner: object, objective = minimise): StudyJudge =>
  new StudyJudge(prunerSpec.parse(pruner), objective);
const asha = (minimumEpochs = 1): object => ({ kind: 'asha', minimumEpochs, reductionFactor: 2 });

const EPOCHS = 8;
const NET = '0/0/1';

/** Does a measure told by itself end its trial? */
function ends(
  judge: StudyJudge,
  trial: number,
  net: string,
  epoch: number,
  value: number | null,
  epochs: number,
): boolean {
  return judge.measure([{ trial, net, epoch, value, epochs }]).includes(trial);
}

function foldOf(
  fold: number,
  curve: FoldResult['curve'],
  state: FoldResult['state'] = 'finished',
): FoldResult {
  const values = [curve.at(-1)?.[1] ?? null];
  return { fold, repeat: 0, seed: 1, state, epochs: EPOCHS, values, curve, durationMs: 1, failure: null };
}

function trialOf(
  number: number,
  state: TrialState,
  values: (number | null)[] = [],
  epochs = 0,
): TrialSummary {
  const unknown = { standardError: null, startedAtMs: null, endedAtMs: null, failure: null };
  const nets = { netsDone: 0, netsPlanned: 1 };
  return { number, point: { a: number }, state, values, epochs, ...nets, ...unknown };
}

describe('the judge of a study', () => {
  it('asks its pruner at its rungs only', () => {
    const judge = judgeBy(asha(2));
    expect([1, 2, 3, 4].map((epoch) => ends(judge, 0, NET, epoch, 1, EPOCHS))).not.toContain(true);
    expect([1, 2].map((epoch) => ends(judge, 1, NET, epoch, 5, EPOCHS))).toEqual([false, true]);
    // The last epoch is no rung: the net is done.
    expect(ends(judge, 2, NET, 2, 9, 2)).toBe(false);
  });

  it('takes what is larger for better where that is wanted', () => {
    const judge = judgeBy(asha(), maximise);
    ends(judge, 0, NET, 1, 0.8, EPOCHS);
    expect(ends(judge, 1, NET, 1, 0.7, EPOCHS)).toBe(true);
    expect(ends(judge, 2, NET, 1, 0.9, EPOCHS)).toBe(false);
  });

  it.each([minimise, maximise])('takes what is not finite for the worst ($direction)', (objective) => {
    const judge = judgeBy({ kind: 'median', startupTrials: 1 }, objective);
    ends(judge, 0, NET, 1, -1e9, EPOCHS);
    ends(judge, 0, NET, 2, 1e9, EPOCHS);
    judge.finishTrial(0, 'finished');
    expect(ends(judge, 1, NET, 1, null, EPOCHS)).toBe(true);
  });

  it.each([asha(1), asha(4), { kind: 'median', warmUpEpochs: 3 }, { kind: 'none' }])(
    'ends no trial of %o because one of its nets has finished',
    (pruner) => {
      const judge = judgeBy(pruner);
      for (const trial of [0, 1, 2]) {
        ends(judge, trial, NET, 1, trial, EPOCHS);
        expect(judge.finishNet(trial, NET, trial)).toBe(false);
        judge.finishTrial(trial, 'finished');
      }
    },
  );

  it('ends a trial between its folds by Wilcoxon, in whatever direction is wanted', () => {
    for (const [objective, better] of [
      [minimise, -1],
      [maximise, 1],
    ] as const) {
      const judge = judgeBy({ kind: 'wilcoxon' }, objective);
      const folds = [0, 1, 2, 3].map((fold) => `0/${fold}/1`);
      for (const net of folds) judge.finishNet(0, net, better * 5);
      judge.finishTrial(0, 'finished');
      expect(folds.map((net, fold) => judge.finishNet(1, net, better * (4 - fold)))).toEqual([
        false,
        false,
        false,
        true,
      ]);
    }
  });

  it('takes down all that was measured at the same time before it judges any of it', () => {
    const values = [5, 3, 9, 1, 7, 4, 8, 2];
    const measures = values.map((value, trial) => ({ trial, net: NET, epoch: 1, value, epochs: EPOCHS }));
    // Of eight that come to a rung together half go on, whichever is told first.
    expect(judgeBy(asha()).measure(measures).sort()).toEqual([0, 2, 4, 6]);
    expect(
      judgeBy(asha())
        .measure([...measures].reverse())
        .sort(),
    ).toEqual([0, 2, 4, 6]);
    // The very first one is no exception, and is ended once however many of its nets were measured.
    const twice = measures.flatMap((one) => [one, { ...one, net: '0/1/1' }]);
    expect(judgeBy(asha()).measure(twice).sort()).toEqual([0, 2, 4, 6]);
  });

  it('ends what is left of a trial that it has ended before', () => {
    const judge = judgeBy(asha());
    ends(judge, 0, NET, 1, 1, EPOCHS);
    expect(ends(judge, 1, NET, 1, 5, EPOCHS)).toBe(true);
    judge.finishTrial(1, 'pruned');
    expect(ends(judge, 1, '0/1/1', 5, 0, EPOCHS)).toBe(true);
  });

  it('forgets what a lost searcher measured of a net once it is trained anew', () => {
    const judge = judgeBy(asha());
    for (const epoch of [1, 2, 3]) ends(judge, 0, NET, epoch, 9, EPOCHS);
    expect(ends(judge, 0, NET, 1, 1, EPOCHS)).toBe(false);
    // Now 1 is what there is to beat after epoch 1, and nothing has come to epoch 2.
    expect(ends(judge, 1, NET, 1, 5, EPOCHS)).toBe(true);
    expect(ends(judge, 2, NET, 1, 0, EPOCHS)).toBe(false);
    expect(ends(judge, 2, NET, 2, 50, EPOCHS)).toBe(false);
  });

  it('judges after a crash by what is stored as it would have without one', () => {
    const pruner = fc.constantFrom<object>(
      asha(),
      { kind: 'median', startupTrials: 2 },
      { kind: 'wilcoxon', threshold: 0.4 },
    );
    const value = fc.option(fc.integer({ min: 0, max: 9 }));
    const trial = fc.array(fc.array(value, { minLength: EPOCHS, maxLength: EPOCHS }), {
      minLength: 3,
      maxLength: 3,
    });
    const all = fc.array(trial, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(pruner, fc.constantFrom(minimise, maximise), all, (spec, objective, trials) => {
        const known = trials.slice(0, -1);
        const [lived, resumed] = [judgeBy(spec, objective), judgeBy(spec, objective)];
        known.forEach((curves, number) => {
          curves.forEach((curve, fold) => finish(lived, number, fold, curve));
          lived.finishTrial(number, 'finished');
        });
        resumed.restore(
          known.map((_, number) => trialOf(number, 'finished')),
          known.flatMap((curves, number) =>
            curves.map((curve, fold) => ({
              trial: number,
              result: foldOf(
                fold,
                curve.map((one, at) => [at + 1, one]),
              ),
            })),
          ),
        );
        const number = known.length;
        trials.at(-1)!.forEach((curve, fold) => {
          expect(finish(resumed, number, fold, curve)).toEqual(finish(lived, number, fold, curve));
        });
      }),
    );
  });
});

/** Measures a net to its end; what the judge said to each measurement, and to the result. */
function finish(
  judge: StudyJudge,
  trial: number,
  fold: number,
  curve: readonly (number | null)[],
): boolean[] {
  const net = `0/${fold}/1`;
  const said = curve.map((value, at) => ends(judge, trial, net, at + 1, value, EPOCHS));
  return [...said, judge.finishNet(trial, net, curve.at(-1) ?? null)];
}

describe('stored trials for a sampler', () => {
  it('are to be minimised, in the order and with the points they have', () => {
    const trials = [
      trialOf(0, 'finished', [0.25, 7], 10),
      trialOf(1, 'pruned', [], 4),
      trialOf(2, 'running'),
      trialOf(3, 'waiting'),
      trialOf(4, 'failed'),
      trialOf(5, 'finished', [null]),
    ];
    const known = knownTrials(trials, maximise);
    expect(known.map(({ point }) => point)).toEqual(trials.map(({ point }) => point));
    expect(known.map(({ value }) => value)).toEqual([-0.25, null, null, null, null, null]);
    expect(known.map(({ state }) => state)).toEqual([
      'finished',
      'pruned',
      'running',
      'running',
      'failed',
      'finished',
    ]);
    expect(known.map(({ lastEpoch }) => lastEpoch)).toEqual([null, 4, null, null, null, null]);
    expect(knownTrials(trials, minimise)[0]!.value).toBe(0.25);
  });
});
