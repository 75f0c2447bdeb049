import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStream, type RandomStream } from '../../shared/random/stream.ts';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import type { FoldResult, TrialState, TrialSummary } from '../../shared/schema/study.ts';
import { memberKey, type StudyMember } from './member.ts';
import { kindOf, netsPerTrial } from './members.ts';
import type { KnownTrial, Sampler } from './sampler.ts';
import { createSampler } from './samplers/index.ts';
import { StudyPlan } from './study-plan.ts';

const dense = [{ kind: 'dense', units: 8 } as const, { kind: 'dense', units: 2 } as const];
const convolution = [
  { kind: 'conv2d', filters: 2, kernelSize: 3 } as const,
  { kind: 'flatten' } as const,
  { kind: 'dense', units: 10 } as const,
];
const parameters = [
  {
    kind: 'uniform' as const,
    name: 'rate',
    paths: ['training.optimizer.learningRate'],
    minimum: 0.01,
    maximum: 1,
  },
  { kind: 'choice' as const, name: 'batch', paths: ['training.batchSize'], values: [4, 8] },
];

type SearchInput = NonNullable<ExperimentInput['search']>;

function studyOf(change: Partial<SearchInput>, trials: number, layers: object[] = dense) {
  const whole = experiment.parse({
    schemaVersion: 1,
    name: 'Study',
    data: { dataset: layers === dense ? 'circles' : 'mnist' },
    model: { layers },
    search: { parameters, sampler: { kind: 'random', trials }, ...change },
  });
  const search = whole.search!;
  const options = {
    experiment: whole,
    search,
    seed: 3,
    sampler: createSampler(search, 3),
    trialsPlanned: trials,
    mostTrials: null,
    available: 5,
  };
  return { options, nets: netsPerTrial(search, 5) };
}
type Study = ReturnType<typeof studyOf>;

const noHistory = (): readonly KnownTrial[] => {
  throw new Error('a sampler that learns nothing asked for a history');
};

function resultOf({ fold, repeat, seed }: StudyMember): FoldResult {
  const rest = { epochs: 1, values: [1], curve: [], durationMs: 1, failure: null };
  return { fold, repeat, seed, state: 'finished', ...rest };
}

function trialOf(number: number, point: TrialSummary['point'], state: TrialState): TrialSummary {
  const unknown = { standardError: null, startedAtMs: null, endedAtMs: null, failure: null };
  return { number, point, state, values: [], netsDone: 0, netsPlanned: 1, epochs: 0, ...unknown };
}

/** A store and some searchers around a plan; what happens next is drawn, crashes included. */
class Rehearsal {
  readonly #study: Study;
  readonly #stream: RandomStream;
  readonly #trials = new Map<number, TrialSummary>();
  readonly #folds: { trial: number; result: FoldResult }[] = [];
  #plan: StudyPlan;
  #packs: StudyMember[][] = [];

  constructor(study: Study, seed: number) {
    this.#study = study;
    this.#stream = openStream(seed, 'search', 'rehearsal');
    this.#plan = new StudyPlan(study.options, { trials: [], folds: [] });
  }

  get finished(): string[] {
    return this.#folds.map(({ trial, result }) => memberKey({ trial, ...result }));
  }

  /** Numbers of the trials that were ended before their time. */
  get pruned(): number[] {
    return [...this.#trials.values()].flatMap(({ number, state }) => (state === 'pruned' ? [number] : []));
  }

  get drawn(): TrialSummary[] {
    return [...this.#trials.values()];
  }

  run(): void {
    while (this.#drawIfNeeded() || this.#packs.length > 0) this.#step();
  }

  #drawIfNeeded(): boolean {
    if (this.#plan.waiting > 0) return true;
    const drawn = this.#plan.draw(1, () => []);
    for (const { number, point } of drawn) this.#trials.set(number, trialOf(number, point, 'waiting'));
    expect(this.#plan.queue(drawn.map(({ number }) => number))).toEqual([]);
    return this.#plan.waiting > 0;
  }

  #step(): void {
    const chance = this.#stream.nextInteger(20);
    if (chance < 6) this.#take();
    else if (chance < 15) this.#finishOne();
    else if (chance < 18) this.#lose();
    else if (chance < 19) this.#prune();
    else this.#crash();
  }

  #take(): void {
    const pack = this.#plan.take();
    if (pack === null) return;
    expect(new Set(pack.members.map(kindOf)).size).toBe(1);
    const held = new Set([...this.#packs.flat().map(memberKey), ...this.finished]);
    for (const member of pack.members) {
      expect(held.has(memberKey(member))).toBe(false);
      held.add(memberKey(member));
      expect(this.pruned).not.toContain(member.trial);
    }
    this.#packs.push([...pack.members]);
  }

  #finishOne(): void {
    const at = this.#pick(this.#packs.length);
    const member = this.#packs[at]?.pop();
    if (member === undefined) return;
    this.#folds.push({ trial: member.trial, result: resultOf(member) });
    this.#plan.finish(member);
    const done = this.#folds.filter(({ trial }) => trial === member.trial).length;
    if (done === this.#study.nets) this.#close(member.trial, 'finished');
    this.#packs = this.#packs.filter((pack) => pack.length > 0);
  }

  /** A searcher dies; what it had comes back, finished ones among them. */
  #lose(): void {
    const [pack] = this.#packs.splice(this.#pick(this.#packs.length), 1);
    if (pack !== undefined) this.#plan.giveBack(pack);
  }

  #prune(): void {
    const running = [...this.#trials.values()].filter(({ state }) => state === 'waiting');
    const trial = running[this.#pick(running.length)];
    if (trial === undefined) return;
    this.#close(trial.number, 'pruned');
    this.#packs = this.#packs
      .map((pack) => pack.filter((member) => member.trial !== trial.number))
      .filter((pack) => pack.length > 0);
  }

  #close(trial: number, state: TrialState): void {
    this.#trials.set(trial, { ...this.#trials.get(trial)!, state });
    this.#plan.close(trial);
  }

  /** All is lost but what is stored. */
  #crash(): void {
    this.#packs = [];
    const stored = { trials: this.drawn, folds: this.#folds };
    this.#plan = new StudyPlan(this.#study.options, stored);
    expect(this.#plan.waiting).toBe(0);
    expect(this.#plan.resume()).toEqual([]);
    const open = this.drawn.filter(({ state }) => state === 'waiting').map(({ number }) => number);
    const done = this.#folds.filter(({ trial }) => open.includes(trial)).length;
    expect(this.#plan.waiting).toBe(open.length * this.#study.nets - done);
  }

  #pick(count: number): number {
    return count === 0 ? 0 : this.#stream.nextInteger(count);
  }
}

const anyStudy = fc
  .record({
    folds: fc.constantFrom(0, 1, 2, 3),
    foldRepeats: fc.integer({ min: 1, max: 2 }),
    seeds: fc.integer({ min: 1, max: 2 }),
    trials: fc.integer({ min: 1, max: 8 }),
    isLearning: fc.boolean(),
    layers: fc.constantFrom<object[]>(dense, convolution),
  })
  .map(({ trials, isLearning, layers, ...cuts }) =>
    studyOf({ ...cuts, ...(isLearning && { sampler: { kind: 'tpe', trials } }) }, trials, layers),
  );

/** Takes all nets there are, one pack after the other. */
function takeAll(plan: StudyPlan): StudyMember[][] {
  const packs: StudyMember[][] = [];
  for (let pack = plan.take(); pack !== null; pack = plan.take()) packs.push([...pack.members]);
  return packs;
}

/** A plan all of whose trials are drawn and stand in line. */
function begin(study: Study): StudyPlan {
  const plan = new StudyPlan(study.options, { trials: [], folds: [] });
  const drawn = plan.draw(study.options.trialsPlanned, () => []);
  expect(plan.queue(drawn.map(({ number }) => number))).toEqual([]);
  return plan;
}

describe('the plan of a study', () => {
  it('trains every net of every trial once, whatever is lost, given back, pruned or resumed', () => {
    fc.assert(
      fc.property(anyStudy, fc.nat(), (study, seed) => {
        const rehearsal = new Rehearsal(study, seed);
        rehearsal.run();
        const { finished, pruned, drawn } = rehearsal;
        expect(drawn.map(({ number }) => number)).toEqual([...Array(study.options.trialsPlanned).keys()]);
        expect(new Set(finished).size).toBe(finished.length);
        for (const { number } of drawn) {
          const nets = finished.filter((key) => key.startsWith(`${number}/`)).length;
          if (pruned.includes(number)) expect(nets).toBeLessThan(study.nets);
          else expect(nets).toBe(study.nets);
        }
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it('draws the same points after a crash as without one', () => {
    const study = studyOf({}, 6);
    const points = (seed: number): unknown => {
      const rehearsal = new Rehearsal(study, seed);
      rehearsal.run();
      return rehearsal.drawn.map(({ number, point }) => [number, point]);
    };
    expect(points(1)).toEqual(points(2));
  });

  it('hands out nets of one kind together, at most 64, and those that train alone one by one', () => {
    const packs = takeAll(begin(studyOf({ folds: 5 }, 40)));
    expect(packs.flat()).toHaveLength(200);
    for (const pack of packs) {
      expect(pack.length).toBeLessThanOrEqual(64);
      expect(new Set(pack.map(({ experiment }) => experiment.training.batchSize)).size).toBe(1);
    }
    // Two batch sizes fill packs but for the last of each.
    expect(packs.filter((pack) => pack.length < 64).length).toBeLessThanOrEqual(2);
    const alone = takeAll(begin(studyOf({ folds: 3 }, 2, convolution)));
    expect(alone.map((pack) => pack.length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('puts what is given back to the front', () => {
    const plan = begin(studyOf({ folds: 3 }, 2, convolution));
    const [first] = plan.take()!.members;
    plan.giveBack([first!]);
    expect(memberKey(plan.take()!.members[0]!)).toBe(memberKey(first!));
  });

  it('hands out nothing of a closed trial, nor takes any of it back', () => {
    const plan = begin(studyOf({ folds: 3 }, 2, convolution));
    const [first] = plan.take()!.members;
    plan.close(0);
    plan.giveBack([first!]);
    expect(
      takeAll(plan)
        .flat()
        .map(({ trial }) => trial),
    ).toEqual([1, 1, 1]);
    plan.close(1);
    expect(plan.waiting).toBe(0);
    expect(plan.take()).toBeNull();
  });

  it('says which points make no experiment and goes on with the others', () => {
    const batch = { ...parameters[1]!, values: [4, 0] };
    const study = studyOf({ parameters: [batch], sampler: { kind: 'grid' } }, 2);
    const plan = new StudyPlan(study.options, { trials: [], folds: [] });
    const drawn = plan.draw(1, noHistory);
    const faulty = plan.queue(drawn.map(({ number }) => number));
    expect(faulty.map(({ trial }) => drawn[trial]!.point)).toEqual([{ batch: 0 }]);
    expect(takeAll(plan).flat()).toHaveLength(1);
    // After a crash before the fault was stored it is found again.
    const trials = drawn.map(({ number, point }) => trialOf(number, point, 'waiting'));
    expect(new StudyPlan(study.options, { trials, folds: [] }).resume()).toHaveLength(1);
  });
});

/** Draws its history's length, so that one sees what it knew. */
function sampler(learns: boolean): Sampler {
  return { trialCount: 10, learns, draw: (number, history) => ({ number, known: history.length }) };
}

describe('drawing trials', () => {
  const planOf = (learns: boolean, mostTrials: number | null = null): StudyPlan => {
    const { options } = studyOf({}, 10);
    return new StudyPlan({ ...options, sampler: sampler(learns), mostTrials }, { trials: [], folds: [] });
  };
  const known = (count: number): (() => readonly KnownTrial[]) => {
    const one = { point: {}, value: 1, state: 'finished', lastEpoch: null } as const;
    return () => Array.from({ length: count }, (_, number) => ({ number, ...one }));
  };

  it('goes as far as is asked for where the sampler learns, by what is known then', () => {
    const plan = planOf(true);
    expect(plan.draw(2, known(0)).map(({ point }) => point)).toEqual([
      { number: 0, known: 0 },
      { number: 1, known: 0 },
    ]);
    expect(plan.draw(1, known(2)).map(({ point }) => point)).toEqual([{ number: 2, known: 2 }]);
    expect(plan.left).toBe(7);
  });

  it('goes ahead at once, without a history, where it does not learn', () => {
    const plan = planOf(false);
    expect(plan.draw(1, noHistory)).toHaveLength(10);
    expect(plan.draw(1, noHistory)).toEqual([]);
  });

  it('ends with the trials planned, or the points there are, and goes on when extended', () => {
    const plan = planOf(true);
    expect(plan.draw(99, known(0))).toHaveLength(10);
    expect(plan.draw(1, noHistory)).toEqual([]);
    plan.extend(2);
    expect(plan.draw(5, known(0)).map(({ number }) => number)).toEqual([10, 11]);
    const few = planOf(false, 4);
    expect(few.draw(1, noHistory)).toHaveLength(4);
    few.extend(5);
    expect(few.left).toBe(0);
  });
});
