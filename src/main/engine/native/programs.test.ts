import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutorKind } from '../../../shared/schema/engine.ts';
import { cacheDirectory } from '../../host/paths.ts';
import type {
  Engine,
  EvaluationStep,
  StateTensor,
  StepContext,
  TrainingCall,
  TrainingProgram,
  TrainingStep,
  UpdateRule,
} from '../engine.ts';
import { openEngine } from '../index.ts';
import { dropoutFactors } from '../portable/ops.ts';

const EXAMPLES = 100;
const PIXELS = 12;
const HIDDEN = 8;
const CLASSES = 3;
const BATCH = 10;

let engine: Engine;

beforeAll(async () => {
  const options = { choice: 'tensorflow', threads: 2, device: 'cpu' } as const;
  ({ engine } = await openEngine(options, cacheDirectory()));
});

afterAll(() => engine.dispose());

/** A cheap sequence without pattern, the same every time. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const images = Uint8Array.from(noise(EXAMPLES * PIXELS, 1), (value) => Math.round((value + 1) * 127));
const labels = Int32Array.from({ length: EXAMPLES }, (_, i) => images[i * PIXELS]! % CLASSES);
const inputs = [
  { name: 'image', shape: [EXAMPLES, PIXELS], values: images },
  { name: 'label', shape: [EXAMPLES], values: labels },
];

/** SGD with momentum; weight decay as L2 where `l2` is not 0. */
function momentumRule(l2 = 0): UpdateRule {
  return {
    slots: ['velocity'],
    apply({ parameter, gradient, slots: [velocity], scalars }) {
      const penalised = l2 === 0 ? gradient : tf.add(gradient, tf.mul(parameter, l2));
      const next = tf.add(tf.mul(velocity!, 0.9), penalised);
      return { parameter: tf.sub(parameter, tf.mul(scalars.learningRate!, next)), slots: [next] };
    },
    fused: {
      op: 'ResourceApplyMomentum',
      inputs: ['parameter', 'slot:0', 'scalar:learningRate', 'gradient', { constant: 0.9 }],
      booleanAttributes: { use_locking: false, use_nesterov: false },
      l2,
      decoupledDecay: 0,
    },
  };
}

interface Net {
  readonly update?: UpdateRule;
  readonly dropout?: number;
  readonly batchNorm?: boolean;
}

function makeState(update: UpdateRule): StateTensor[] {
  const parameter = (name: string, shape: number[], seed: number): StateTensor[] => {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = noise(size, seed).map((value) => value * 0.5);
    return [
      { name, role: 'parameter', shape, values },
      ...update.slots.map((slot) => ({
        name: `${name}/${slot}`,
        role: 'slot' as const,
        shape,
        values: new Float32Array(size),
      })),
    ];
  };
  return [
    ...parameter('w1', [PIXELS, HIDDEN], 2),
    ...parameter('b1', [HIDDEN], 3),
    ...parameter('w2', [HIDDEN, CLASSES], 4),
    { name: 'mean', role: 'buffer', shape: [HIDDEN], values: new Float32Array(HIDDEN) },
  ];
}

const PARAMETERS = ['w1', 'b1', 'w2'];

/** One hidden layer, softmax cross-entropy; the metric is the loss. */
function makeStep({ update = momentumRule(), dropout = 0, batchNorm = false }: Net = {}): TrainingStep {
  const forward = (
    context: StepContext,
    weights: Readonly<Record<string, Tensor>>,
    means: Tensor[],
  ): Tensor => {
    const x = tf.mul(tf.cast(context.batch.image!, 'float32'), 1 / 255);
    let hidden: Tensor = context.ops.biasAdd(tf.matMul(x, weights.w1!), weights.b1!);
    if (batchNorm) {
      const normal = context.ops.batchNormTraining(hidden, tf.ones([HIDDEN]), tf.zeros([HIDDEN]), 1e-3);
      means.push(tf.keep(normal.mean));
      hidden = normal.normalised;
    }
    hidden = tf.relu(hidden);
    if (dropout > 0) hidden = context.ops.dropout(hidden, dropout, [11, 22], context.step);
    return context.ops.sparseSoftmaxCrossEntropy(tf.matMul(hidden, weights.w2!), context.batch.label!);
  };
  return {
    state: makeState(update),
    inputs,
    scalarNames: ['learningRate'],
    metricNames: ['loss'],
    update,
    run(context) {
      const means: Tensor[] = [];
      const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]): Scalar => {
        const weights = Object.fromEntries(PARAMETERS.map((name, i) => [name, tensors[i]!]));
        return tf.mean(forward(context, weights, means));
      })(PARAMETERS.map((name) => context.state[name]!));
      const gradients = Object.fromEntries(PARAMETERS.map((name, i) => [name, grads[i]!]));
      const moving = means.map((mean) => tf.add(tf.mul(context.state.mean!, 0.9), tf.mul(mean, 0.1)));
      tf.dispose(means);
      const buffers: Record<string, Tensor> = moving[0] ? { mean: moving[0] } : {};
      return { gradients, buffers, metrics: [value] };
    },
  };
}

const evaluation: EvaluationStep = {
  inputs,
  metricNames: ['count', 'labels'],
  run: ({ weights, batch }) => [tf.sum(weights), tf.sum(tf.mul(weights, tf.cast(batch.label!, 'float32')))],
};

function makeCall(firstStep: number, steps: number, batchSize = BATCH): TrainingCall {
  return {
    indices: Int32Array.from(
      { length: steps * batchSize },
      (_, i) => ((firstStep * BATCH + i) * 37) % EXAMPLES,
    ),
    batchSize,
    steps,
    scalars: { learningRate: new Float32Array(steps).map((_, i) => 0.1 / (1 + 0.01 * (firstStep + i))) },
    firstStep,
  };
}

function open(step: TrainingStep, executor: ExecutorKind, stepsPerCall = 5): Promise<TrainingProgram> {
  const options = { batchSize: BATCH, plannedSteps: 100, hasConvolutions: false, executor, stepsPerCall };
  return engine.createTrainingProgram(step, options);
}

/** Trains a fresh program; its losses and last state. */
async function train(net: Net, executor: ExecutorKind, steps = 20, stepsPerCall = 5) {
  const program = await open(makeStep(net), executor, stepsPerCall);
  const losses: number[] = [];
  for (let first = 0; first < steps; first += stepsPerCall) {
    losses.push(...(await program.run(makeCall(first, Math.min(stepsPerCall, steps - first)))));
  }
  const state = await program.readState();
  program.dispose();
  return { losses, state };
}

const nets: [string, Net][] = [
  ['a plain net', {}],
  ['a net with dropout', { dropout: 0.4 }],
  ['a net with batch normalisation', { batchNorm: true }],
  ['L2 decay', { update: momentumRule(0.01) }],
  ['an update rule without a fused form', { update: { ...momentumRule(), fused: null } }],
];

describe.each(nets)('%s', (_, net) => {
  it.each(['graph', 'xla'] as const)('trains in the %s executor as it does op by op', async (executor) => {
    const expected = await train(net, 'eager');
    const found = await train(net, executor);
    expect(found.losses).toHaveLength(20);
    expect(expected.losses[19]).not.toBe(expected.losses[0]);
    found.losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i]!)).toBeLessThan(1e-5));
    found.state.forEach(({ values }, i) =>
      values.forEach((value, j) =>
        expect(Math.abs(value - expected.state[i]!.values[j]!)).toBeLessThan(1e-4),
      ),
    );
  });
});

describe.each(['graph', 'xla'] as const)('the %s executor', (executor) => {
  it('repeats itself bit for bit', async () => {
    const first = await train({ dropout: 0.3, batchNorm: true }, executor);
    const second = await train({ dropout: 0.3, batchNorm: true }, executor);
    expect(second).toEqual(first);
  });

  it('gives the same bits however many steps a call takes', async () => {
    const one = await train({ dropout: 0.3 }, executor, 12, 1);
    const many = await train({ dropout: 0.3 }, executor, 12, 12);
    expect(many).toEqual(one);
  });

  it('continues from a written state to the same bits', async () => {
    const whole = await train({ dropout: 0.3 }, executor);
    const program = await open(makeStep({ dropout: 0.3 }), executor);
    await program.writeState((await train({ dropout: 0.3 }, executor, 10)).state);
    const rest = [...(await program.run(makeCall(10, 5))), ...(await program.run(makeCall(15, 5)))];
    program.dispose();
    expect(rest).toEqual(whole.losses.slice(10));
  });

  it('takes a smaller last batch as op by op does', async () => {
    const results = await Promise.all(
      (['eager', executor] as const).map(async (kind) => {
        const program = await open(makeStep(), kind);
        const losses = [...(await program.run(makeCall(0, 5))), ...(await program.run(makeCall(5, 1, 7)))];
        losses.push(...(await program.run(makeCall(6, 2))));
        program.dispose();
        return losses;
      }),
    );
    results[1]!.forEach((loss, i) => expect(Math.abs(loss - results[0]![i]!)).toBeLessThan(1e-5));
  });

  it('holds no more tensors after 1,000 steps, and none when disposed of', async () => {
    const before = engine.memory();
    const program = await open(makeStep({ dropout: 0.3, batchNorm: true }), executor, 20);
    await program.run(makeCall(0, 20));
    const during = engine.memory();
    for (let first = 20; first < 1_020; first += 20) await program.run(makeCall(first, 20));
    expect(engine.memory()).toEqual(during);
    program.dispose();
    expect(engine.memory()).toEqual(before);
  });

  it('refuses a call that does not fit, and a second one at a time', async () => {
    const program = await open(makeStep(), executor);
    await expect(program.run(makeCall(0, 6))).rejects.toThrow(/at most 5 steps/);
    const running = program.run(makeCall(0, 5));
    await expect(program.run(makeCall(5, 5))).rejects.toThrow(/a call is running/);
    await running;
    program.dispose();
  });

  it('refuses the state of another net', async () => {
    const program = await open(makeStep(), executor);
    const state = (await program.readState()).slice(1);
    await expect(program.writeState(state)).rejects.toMatchObject({ code: 'shape-mismatch' });
    program.dispose();
  });

  it('evaluates each row once, whatever the padding', async () => {
    const program = await open(makeStep(), executor);
    const evaluating = await engine.createEvaluationProgram(evaluation, program, 16);
    const rows = Int32Array.from({ length: 77 }, (_, i) => (i * 3) % EXAMPLES);
    const expected = rows.reduce((sum, row) => sum + labels[row]!, 0);
    expect(Array.from(await evaluating.run(rows))).toEqual([77, expected]);
    evaluating.dispose();
    program.dispose();
  });

  it('draws the dropout mask that plain JavaScript draws', async () => {
    const step = makeStep();
    const masks: TrainingStep = {
      ...step,
      metricNames: Array.from({ length: 9 }, (_, i) => `mask ${i}`),
      run(context) {
        const mask = context.ops.dropout(tf.ones([9]), 0.4, [0xdeadbeef, 0xfedcba98], context.step);
        return { gradients: {}, buffers: {}, metrics: tf.unstack(mask) };
      },
    };
    const program = await open(masks, executor);
    const found = await program.run({ ...makeCall(0, 5), firstStep: 70_000 });
    program.dispose();
    const expected = [0, 1, 2, 3, 4].flatMap((step) =>
      Array.from(dropoutFactors(9, 0.4, [0xdeadbeef, 0xfedcba98], 70_000 + step)),
    );
    expect(Array.from(found)).toEqual(expected);
  });
});

describe('the engine', () => {
  it('chooses the executor by the number of steps', async () => {
    const kinds = await Promise.all(
      [10, 200, 100_000].map(async (plannedSteps) => {
        const options = { batchSize: BATCH, plannedSteps, hasConvolutions: false };
        const program = await engine.createTrainingProgram(makeStep(), options);
        program.dispose();
        return program.executor;
      }),
    );
    expect(kinds).toEqual(['eager', 'graph', 'xla']);
  });

  it('gives convolutions to the graph executor however many steps there are', async () => {
    const options = { batchSize: BATCH, plannedSteps: 1e6, hasConvolutions: true };
    const program = await engine.createTrainingProgram(makeStep(), options);
    expect(program.executor).toBe('graph');
    program.dispose();
  });

  it('holds nothing of a step that fails while it is recorded', async () => {
    const before = engine.memory();
    const failing: TrainingStep = {
      ...makeStep(),
      run() {
        throw new Error('this step does not work');
      },
    };
    await expect(open(failing, 'graph')).rejects.toThrow('this step does not work');
    const wrong: TrainingStep = {
      ...makeStep(),
      run: ({ batch }) => ({ gradients: {}, buffers: {}, metrics: [tf.cast(batch.image!, 'float32')] }),
    };
    await expect(open(wrong, 'graph')).rejects.toThrow(/expected a float32 scalar/);
    expect(engine.memory()).toEqual(before);
  });

  it('can be disposed of during a call', async () => {
    const before = engine.memory();
    const program = await open(makeStep(), 'xla', 200);
    const running = program.run(makeCall(0, 200));
    program.dispose();
    expect(await running).toHaveLength(200);
    expect(engine.memory()).toEqual(before);
  });

  it('lets timers run during a call', async () => {
    const program = await open(makeStep(), 'graph', 500);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await program.run(makeCall(0, 500));
    clearInterval(timer);
    program.dispose();
    expect(turns).toBeGreaterThan(3);
  });
});
