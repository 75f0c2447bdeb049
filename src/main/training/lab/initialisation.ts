import * as tf from '@tensorflow/tfjs-core';
import type { MetricPoint } from '../../../shared/schema/metric.ts';
import type { Engine, StateTensor, TrainingStep, UpdateRule } from '../../engine/engine.ts';
import type { VariableSpec } from '../../model/layers/definition.ts';
import type { ModelPlan, PlannedLayer } from '../../model/plan.ts';
import { epochOrder } from '../epoch-order.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { createTrainingStep } from '../training-step.ts';

/** Root mean squares of a layer; null where they are not finite. */
export interface LayerSignal {
  readonly layer: string;
  /** Of its output. */
  readonly activation: number | null;
  /** Of the gradient of the batch's mean loss with respect to its output. */
  readonly gradient: number | null;
}

/** Variables that a measured layer has besides its own. */
const SHIFT = 'measured-shift';
const SQUARE = 'measured-square';
const GRADIENT = 'gradient';

/** Keeps each gradient, and trains nothing. */
const keepGradient: UpdateRule = {
  slots: [GRADIENT],
  apply: ({ parameter, gradient }) => ({ parameter: tf.clone(parameter), slots: [tf.clone(gradient)] }),
  fused: null,
};

function zeros(name: string, role: VariableSpec['role'], shape: readonly number[]): VariableSpec {
  return { name, role, shape, initializer: { kind: 'zeros' }, fanIn: 1, fanOut: 1 };
}

/**
 * The layer with a shift of zeros added to its output: the gradient with respect to the shift is the one with respect to
 * the output. The mean square of the output is a buffer.
 */
function measureLayer(layer: PlannedLayer, batchSize: number): PlannedLayer {
  const { definition, outputShape, variables } = layer;
  return {
    ...layer,
    variables: [
      ...variables,
      zeros(SHIFT, 'parameter', [batchSize, ...outputShape]),
      zeros(SQUARE, 'buffer', []),
    ],
    definition: {
      ...definition,
      forward(spec, inputs, context) {
        const output = tf.add(definition.forward(spec, inputs, context), context.variable(SHIFT));
        context.training?.updateBuffer(SQUARE, tf.mean(tf.square(output)));
        return output;
      },
    },
  };
}

/** The run's own training step, with every layer measured and nothing trained. */
function measuringStep({ parts, step }: PreparedRun, batchSize: number): TrainingStep {
  const plan: ModelPlan = {
    ...parts.plan,
    layers: parts.plan.layers.map((layer) => measureLayer(layer, batchSize)),
  };
  const optimizer = { rule: keepGradient, scalars: {} };
  const measuring = createTrainingStep({
    ...parts,
    plan,
    optimizer,
    gradientClipping: null,
    inputs: step.inputs,
  });
  // A shard of the batch would neither have the shape of the shifts nor the whole batch's mean square.
  return { ...measuring, separable: false };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function readSignals(plan: ModelPlan, state: readonly StateTensor[]): LayerSignal[] {
  const byName = new Map(state.map(({ name, values }) => [name, values]));
  return plan.layers.map(({ name }) => ({
    layer: name,
    activation: finite(Math.sqrt(byName.get(`${name}/${SQUARE}`)![0]!)),
    gradient: finite(rootMeanSquare(byName.get(`${name}/${SHIFT}/${GRADIENT}`)!)),
  }));
}

/**
 * How strong signals and gradients are at each layer of the first weights, on the first examples that the first epoch
 * would take, as in a step of training (dropout on, batch norm by the batch).
 * @param prepared through `materialiseRun`
 * @param batchSize of at most all training examples
 */
export async function measureInitialisation(
  prepared: PreparedRun,
  engine: Engine,
  batchSize: number,
): Promise<LayerSignal[]> {
  const indices = epochOrder(prepared.split.train, prepared.seed, 1).slice(0, batchSize);
  const program = await engine.createTrainingProgram(measuringStep(prepared, indices.length), {
    batchSize: indices.length,
    plannedSteps: 1,
    hasConvolutions: prepared.avoidsXla,
    executor: 'eager',
    stepsPerCall: 1,
  });
  try {
    await program.run({ indices, batchSize: indices.length, steps: 1, scalars: {}, firstStep: 0 });
    return readSignals(prepared.plan, await program.readState());
  } finally {
    program.dispose();
  }
}

/** The signals as points whose step is the layer's position from 1. */
export function signalPoints(signals: readonly LayerSignal[]): MetricPoint[] {
  return signals.flatMap(({ activation, gradient }, i): MetricPoint[] => [
    { split: 'train', metric: 'activation-norm', epoch: 1, step: i + 1, value: activation },
    { split: 'train', metric: 'gradient-norm', epoch: 1, step: i + 1, value: gradient },
  ]);
}
