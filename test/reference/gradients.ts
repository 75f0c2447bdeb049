import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type {
  Engine,
  ResidentInput,
  StateTensor,
  StepContext,
  TrainingStep,
  UpdateRule,
} from '../../src/main/engine/engine.ts';
import { createLoss } from '../../src/main/metrics/losses.ts';
import { forwardTraining, hasConvolutions, initialiseModel, planModel } from '../../src/main/model/index.ts';
import type { ModelPlan } from '../../src/main/model/index.ts';
import { streamKey, openStream } from '../../src/shared/random/stream.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { arrayOf } from './float64/array.ts';
import { differentiate } from './float64/differences.ts';
import { computeLoss } from './float64/losses.ts';
import { runModel, type ReferenceLayer } from './float64/model.ts';
import { batchSize, withHead, type LossCase, type ModelCase } from './gradient-cases.ts';

const seed = 20;
/** Not 0, so that the step's part in the dropout mask is tested as well. */
const stepNumber = 3;

/** Gradients of the parameters by name, and the loss. */
export interface Gradients {
  readonly loss: number;
  readonly byName: Readonly<Record<string, ArrayLike<number>>>;
}

/** A model, its first values and a batch; the same for the reference and every engine. */
export interface Problem {
  readonly plan: ModelPlan;
  readonly state: readonly StateTensor[];
  readonly x: Float32Array;
  readonly loss: LossCase;
}

export function createProblem(model: ModelCase, loss: LossCase): Problem {
  const plan = planModel({ layers: withHead(model, loss) }, model.inputShape);
  const stream = openStream(seed, 'generator', 'gradients');
  const size = batchSize * model.inputShape.reduce((a, b) => a * b, 1);
  return {
    plan,
    // Scales and offsets begin at 1 and 0, at which some faults of a gradient would not show.
    state: initialiseModel(plan, seed).map((entry) => ({
      ...entry,
      values: entry.role === 'parameter' ? entry.values.map((value) => value + 0.1) : entry.values,
    })),
    x: Float32Array.from({ length: size }, () => 1.5 * stream.nextNormal()),
    loss,
  };
}

/** By central differences on the float64 reference. */
export function referenceGradients({ plan, state, x, loss }: Problem): Gradients {
  const layers = plan.layers.map(({ name, spec }): ReferenceLayer => ({
    name,
    spec,
    dropoutKey: streamKey(seed, 'dropout', name),
  }));
  const variables = Object.fromEntries(
    state.map(({ name, shape, values }) => [name, arrayOf(shape, values)]),
  );
  const input = arrayOf([batchSize, ...plan.inputShape], x);
  const targets =
    loss.classCount === 0 ? { numbers: [...Float32Array.from(loss.targets)] } : { labels: loss.targets };
  const compute = () =>
    computeLoss(loss.loss, runModel(layers, input, { variables, step: stepNumber }), targets);
  const parameters = state.filter((entry) => entry.role === 'parameter');
  const byName = Object.fromEntries(
    parameters.map(({ name }) => [name, differentiate(variables[name]!, compute)]),
  );
  return { loss: compute(), byName };
}

/** Leaves each parameter's gradient in the parameter's own place, to be read back as state. */
const exposeGradient: UpdateRule = {
  slots: [],
  apply: ({ gradient }) => ({ parameter: gradient, slots: [] }),
  fused: null,
};

function runStep({ plan, state, loss }: Problem, context: StepContext) {
  const perExample = createLoss(loss.loss, { classCount: loss.classCount, outputCount: loss.outputs });
  const names = state.filter((entry) => entry.role === 'parameter').map((entry) => entry.name);
  const compute = (...parameters: Tensor[]): Tensor => {
    const fresh = Object.fromEntries(names.map((name, i) => [name, parameters[i]!]));
    const prediction = forwardTraining(plan, context.batch.x!, {
      ops: context.ops,
      state: { ...context.state, ...fresh },
      step: context.step,
      seed,
      updateBuffer: () => undefined,
    });
    return tf.mean(perExample(prediction, context.batch.y!, context.ops));
  };
  const { value, grads } = tf.valueAndGrads(compute as (...x: Tensor[]) => tf.Scalar)(
    names.map((name) => context.state[name]!),
  );
  return {
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
    buffers: {},
    metrics: [value],
  };
}

function residentInputs({ plan, x, loss }: Problem): ResidentInput[] {
  const y: ResidentInput =
    loss.classCount === 0
      ? { name: 'y', shape: [batchSize, loss.outputs], values: Float32Array.from(loss.targets) }
      : { name: 'y', shape: [batchSize], values: Int32Array.from(loss.targets) };
  return [{ name: 'x', shape: [batchSize, ...plan.inputShape], values: x }, y];
}

/** What the engine computes in one step of one of its programs. */
export async function engineGradients(
  engine: Engine,
  problem: Problem,
  executor: ExecutorKind,
): Promise<Gradients> {
  const step: TrainingStep = {
    state: problem.state,
    inputs: residentInputs(problem),
    scalarNames: [],
    metricNames: ['loss'],
    update: exposeGradient,
    run: (context) => runStep(problem, context),
  };
  const program = await engine.createTrainingProgram(step, {
    batchSize,
    plannedSteps: 1,
    hasConvolutions: hasConvolutions(problem.plan),
    executor,
    stepsPerCall: 1,
  });
  const indices = Int32Array.from({ length: batchSize }, (_, i) => i);
  const metrics = await program.run({ indices, batchSize, steps: 1, scalars: {}, firstStep: stepNumber });
  const state = await program.readState();
  program.dispose();
  const parameters = state.filter((entry) => entry.role === 'parameter');
  return {
    loss: metrics[0]!,
    byName: Object.fromEntries(parameters.map(({ name, values }) => [name, values])),
  };
}

/** Largest difference of a gradient, relative to the largest element of the right one; over all parameters. */
export function worstError(found: Gradients, expected: Gradients): { name: string; error: number } {
  const errors = Object.entries(expected.byName).map(([name, right]) => {
    const values = found.byName[name] ?? [];
    const scale = Math.max(...Array.from(right, Math.abs));
    const error = Math.max(...Array.from(right, (value, i) => Math.abs(value - (values[i] ?? NaN))));
    // A bias before a batch norm has a gradient of zero: there the error is measured against one.
    return { name, error: error / (scale > 1e-8 ? scale : 1) };
  });
  const lossError = { name: 'loss', error: Math.abs(found.loss / expected.loss - 1) };
  return [lossError, ...errors].reduce((worst, next) => (next.error <= worst.error ? worst : next));
}
