import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/main/data/index.ts';
import type { LoadedDataset } from '../../src/main/data/loaded-dataset.ts';
import type { Engine } from '../../src/main/engine/engine.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import { evaluateSplit } from '../../src/main/training/measure-points.ts';
import { populationKey } from '../../src/main/training/population/numbers.ts';
import { trainPopulation, type MemberMeasure } from '../../src/main/training/population/train-population.ts';
import { prepareRun, type PreparedRun } from '../../src/main/training/prepare-run.ts';
import { experiment, type ExperimentInput } from '../../src/shared/schema/experiment.ts';
import { openTestEngine } from './engines.ts';

/** A net of A1's shape on a fold; `fields` change its training. */
function net(
  fold: number,
  seed: number,
  dropout: readonly [number, number],
  training: Partial<ExperimentInput['training']>,
  dataset: LoadedDataset,
): PreparedRun {
  const spec = experiment.parse({
    schemaVersion: 1,
    name: 'member',
    data: {
      dataset: 'noisy-1d',
      generator: { trainExamples: 100, testExamples: 20, noise: 0.3, seed: 1 },
      split: { fold: { index: fold, folds: 5, repeat: 0, seed: 7 } },
    },
    preprocessing: [{ kind: 'standardise' }],
    model: {
      layers: [
        { kind: 'dense', units: 20, activation: 'relu' },
        { kind: 'dropout', rate: dropout[0] },
        { kind: 'dense', units: 30, activation: 'relu' },
        { kind: 'dropout', rate: dropout[1] },
        { kind: 'dense', units: 1 },
      ],
    },
    training: { loss: 'mean-squared-error', batchSize: 16, epochs: 4, ...training },
    evaluation: { metrics: ['root-mean-squared-error'] },
  });
  return prepareRun(spec, seed, dataset);
}

const DATA = {
  dataset: 'noisy-1d',
  generator: { trainExamples: 100, testExamples: 20, noise: 0.3, seed: 1 },
  table: null,
} as const;

/** Dev measures after each epoch, and the loss of every step, of a net trained by itself. */
async function trainAlone(engine: Engine, run: PreparedRun) {
  const { batchSize, epochs, dropLastBatch } = run.experiment.training;
  const program = await engine.createTrainingProgram(run.step, {
    batchSize,
    plannedSteps: 1_000,
    hasConvolutions: false,
    executor: 'graph',
    stepsPerCall: 4,
  });
  const evaluation = await engine.createEvaluationProgram(run.evaluation.dev, program, 32);
  const [dev, losses]: [number[][], number[]] = [[], []];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = epochOrder(run.split.train, run.seed, epoch);
    const layout = { batchSize, dropLastBatch, stepsPerCall: 4 };
    let position = 0;
    for (;;) {
      const call = planCall(order, position, losses.length, layout, run.optimizer.scalars);
      if (call === null) break;
      const metrics = await program.run(call);
      for (let step = 0; step < call.steps; step++) losses.push(metrics[step * run.measures.length]!);
      position += call.indices.length;
    }
    const points = await evaluateSplit('dev', evaluation, run.split.dev, run.measures, { epoch, step: 0 });
    dev.push(points.map(({ value }) => value ?? NaN));
  }
  evaluation.dispose();
  program.dispose();
  return { dev, losses };
}

let engine: Engine;
let dataset: LoadedDataset;
beforeAll(async () => {
  engine = await openTestEngine('tensorflow');
  dataset = await loadDataset(DATA, '');
});
afterAll(() => engine.dispose());

const optimizers = [
  {
    name: 'SGD with momentum',
    of: (at: number) => ({
      kind: 'sgd' as const,
      learningRate: 0.01 / (at + 1),
      momentum: at === 1 ? 0 : 0.9,
      weightDecay: at * 1e-3,
    }),
  },
  {
    name: 'SGD with Nesterov momentum',
    of: (at: number) => ({
      kind: 'sgd' as const,
      learningRate: 0.003 * (at + 1),
      momentum: 0.5,
      nesterov: true,
    }),
  },
  {
    name: 'Adam',
    of: (at: number) => ({ kind: 'adam' as const, learningRate: 0.01 / (at + 1), weightDecay: at * 1e-3 }),
  },
];

describe.each(optimizers)('a population under $name', ({ of }) => {
  /** Different folds, seeds, rates, dropout and epochs: everything members may differ in. */
  const members = (): PreparedRun[] => [
    net(0, 1, [0.1, 0.2], { optimizer: of(0), epochs: 4 }, dataset),
    net(1, 2, [0, 0.25], { optimizer: of(1), epochs: 6 }, dataset),
    net(2, 3, [0.3, 0], { optimizer: of(2), epochs: 5 }, dataset),
  ];

  it('is one of nets that share a key', () => {
    expect(new Set(members().map(populationKey)).size).toBe(1);
    expect(populationKey(members()[0]!)).not.toBeNull();
  });

  it('gives each net the numbers it has alone, epoch after epoch, also after others have ended', async () => {
    const nets = members();
    const measured = new Map<string, MemberMeasure>();
    const ended: number[] = [];
    await trainPopulation({
      engine,
      members: nets,
      places: nets.length,
      measureEvery: 1,
      onMeasured: (measures) => {
        for (const measure of measures) measured.set(`${measure.member} ${measure.epoch}`, measure);
        return [];
      },
      onEnded: ({ member, epoch }, pruned) => {
        expect(pruned).toBe(false);
        expect(epoch).toBe(nets[member]!.experiment.training.epochs);
        ended.push(member);
      },
    });
    expect(ended).toEqual([0, 2, 1]);
    for (const [member, run] of nets.entries()) {
      const alone = await trainAlone(engine, run);
      alone.dev.forEach((values, at) => {
        const found = measured.get(`${member} ${at + 1}`)!;
        values.forEach((value, measure) => {
          expect(Math.abs(found.dev[measure]! - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-4);
        });
      });
      // 80 rows are five steps an epoch: 20 steps of the shortest net.
      expect(alone.losses.length).toBeGreaterThanOrEqual(20);
      const firstEpoch = alone.losses.slice(0, 5).reduce((sum, loss) => sum + loss, 0) / 5;
      const own = measured.get(`${member} 1`)!.trainLoss;
      expect(Math.abs(own - firstEpoch) / Math.max(1, firstEpoch)).toBeLessThan(1e-4);
    }
  });
});

describe('a population', () => {
  it('lets go of a net that is not wanted any more, and the others keep their numbers', async () => {
    const nets = [1, 2, 3].map((seed) => net(seed, seed, [0.1, 0.1], { epochs: 5 }, dataset));
    const finals: { member: number; epoch: number; pruned: boolean; loss: number }[] = [];
    await trainPopulation({
      engine,
      members: nets,
      places: nets.length,
      measureEvery: 1,
      onMeasured: (measures) =>
        measures.filter(({ member, epoch }) => member === 1 && epoch === 2).map(({ member }) => member),
      onEnded: ({ member, epoch, dev }, pruned) => finals.push({ member, epoch, pruned, loss: dev[0]! }),
    });
    expect(finals.map(({ member, epoch, pruned }) => ({ member, epoch, pruned }))).toEqual([
      { member: 1, epoch: 2, pruned: true },
      { member: 0, epoch: 5, pruned: false },
      { member: 2, epoch: 5, pruned: false },
    ]);
    const alone = await trainAlone(engine, nets[2]!);
    expect(finals[2]!.loss).toBeCloseTo(alone.dev[4]![0]!, 4);
  });

  /** Last losses of five nets of several epochs that train so many at a time, two of them dropped on the way. */
  async function lastLosses(
    places: number,
    epochs: readonly number[],
    training: Partial<ExperimentInput['training']>,
  ): Promise<number[]> {
    const nets = epochs.map((count, fold) =>
      net(fold, 1, [0.1 * fold, 0.1], { ...training, epochs: count }, dataset),
    );
    const losses: number[] = [];
    await trainPopulation({
      engine,
      members: nets,
      places,
      measureEvery: 2,
      onMeasured: (measures) =>
        measures.filter(({ member, epoch }) => member % 2 === 0 && epoch === 4).map(({ member }) => member),
      onEnded: ({ member, epoch, dev }) => {
        expect(epoch).toBe(member % 2 === 0 ? 4 : epochs[member]);
        losses[member] = dev[0]!;
      },
    });
    return losses;
  }

  it.each([
    { executor: 'graph', batchSize: 16, epochs: [9, 6, 8, 7, 8] },
    { executor: 'graph', batchSize: 32, epochs: [9, 6, 8, 7, 8] },
    { executor: 'XLA', batchSize: 16, epochs: [800, 140, 800, 141, 800] },
    { executor: 'XLA', batchSize: 32, epochs: [1_000, 240, 1_000, 241, 1_000] },
  ])(
    'gives nets the same numbers, bit for bit, however many train at a time: $executor, $batchSize',
    async ({ batchSize, epochs }) => {
      const together = await lastLosses(5, epochs, { batchSize });
      expect(together.every(Number.isFinite)).toBe(true);
      expect(await lastLosses(4, epochs, { batchSize })).toEqual(together);
      expect(await lastLosses(2, epochs, { batchSize })).toEqual(together);
      expect(await lastLosses(3, epochs, { batchSize })).toEqual(together);
    },
  );

  it('gives each net the losses it has alone when XLA compiles it, too', async () => {
    const adam = { kind: 'adam', learningRate: 0.003, weightDecay: 1e-4 } as const;
    const nets = [0, 1, 2].map((fold) =>
      net(fold, 1 + (fold % 2), [0.2, 0.1 * fold], { optimizer: adam, epochs: 800 }, dataset),
    );
    const found: number[] = [];
    await trainPopulation({
      engine,
      members: nets,
      places: 3,
      measureEvery: 4,
      onMeasured: () => [0, 1, 2],
      onEnded: ({ member, dev }) => (found[member] = dev[0]!),
    });
    for (const [member, { experiment: spec, seed }] of nets.entries()) {
      const short = prepareRun({ ...spec, training: { ...spec.training, epochs: 4 } }, seed, dataset);
      const alone = await trainAlone(engine, short);
      expect(Math.abs(found[member]! / alone.dev[3]![0]! - 1)).toBeLessThan(1e-4);
    }
  });

  it('measures each net at its own epochs, whichever nets it trains with', async () => {
    const nets = [40, 60, 25].map((epochs, fold) => net(fold, 1, [0, 0], { epochs }, dataset));
    const measured = nets.map((): number[] => []);
    await trainPopulation({
      engine,
      members: nets,
      places: 3,
      measureEvery: null,
      onMeasured: (measures) => {
        for (const { member, epoch } of measures) measured[member]!.push(epoch);
        return [];
      },
      onEnded: () => undefined,
    });
    const every = (step: number, last: number) =>
      Array.from({ length: last / step }, (_, at) => step * (at + 1));
    expect(measured).toEqual([every(2, 40), every(3, 60), every(2, 24)]);
  });

  it('fills a last, smaller batch with rows that do not count', async () => {
    const nets = [0, 1].map((fold) => net(fold, 1, [0.2, 0.1], { batchSize: 32, epochs: 3 }, dataset));
    const found: number[] = [];
    await trainPopulation({
      engine,
      members: nets,
      places: 2,
      measureEvery: 1,
      onMeasured: () => [],
      onEnded: ({ member, dev }) => (found[member] = dev[0]!),
    });
    for (const [member, run] of nets.entries()) {
      const alone = await trainAlone(engine, run);
      expect(found[member]).toBeCloseTo(alone.dev[2]![0]!, 4);
    }
  });

  it('gives every tensor and handle back', async () => {
    const nets = [1, 2].map((seed) => net(seed, seed, [0.1, 0.1], { epochs: 2 + seed }, dataset));
    const before = engine.memory();
    await trainPopulation({
      engine,
      members: nets,
      places: nets.length,
      measureEvery: 1,
      onMeasured: () => [],
      onEnded: () => undefined,
    });
    expect(engine.memory()).toEqual(before);
  });

  it('does not take nets of other shapes, batch sizes, optimizers or kinds', () => {
    const key = populationKey(net(0, 1, [0, 0], {}, dataset));
    const others = [
      net(0, 1, [0, 0], { batchSize: 8 }, dataset),
      net(0, 1, [0, 0], { optimizer: { kind: 'sgd', learningRate: 0.1 } }, dataset),
      net(0, 1, [0, 0], { loss: 'mean-absolute-error' }, dataset),
    ];
    for (const other of others) expect(populationKey(other)).not.toBe(key);
    const stopping = { earlyStopping: { patience: 3 } };
    expect(populationKey(net(0, 1, [0, 0], stopping, dataset))).toBeNull();
  });
});
