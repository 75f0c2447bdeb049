import type { Engine, TrainingStep, UpdateRule } from '../../src/main/engine/engine.ts';
import { hasConvolutions, planModel, type ModelPlan } from '../../src/main/model/index.ts';
import { openStream, streamKey } from '../../src/shared/random/stream.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import type { ModelSpec } from '../../src/shared/schema/model.ts';
import { arrayOf, sizeOf, type Array64 } from './float64/array.ts';
import { differentiate } from './float64/differences.ts';
import { computeLoss } from './float64/losses.ts';
import { runModel, type ReferenceLayer } from './float64/model.ts';
import { batchSize, withHead, withHeads, type LossCase, type ModelCase } from './gradient-cases.ts';
import { createStep, targetOf, type MadeUpData } from './step-kit.ts';

const seed = 20;
/** Not 0, so that the step's part in the dropout mask is tested as well. */
const stepNumber = 3;

/** Gradients of the parameters by name, and the loss. */
export interface Gradients {
  readonly loss: number;
  readonly byName: Readonly<Record<string, ArrayLike<number>>>;
}

/** What one output of the model is judged by. */
interface JudgedOutput {
  readonly layer: number;
  readonly weight: number;
  readonly loss: LossCase;
}

/** A model, its first values and a batch; the same for the reference and every engine. */
export interface Problem {
  readonly plan: ModelPlan;
  readonly step: TrainingStep;
  readonly x: Float32Array;
  readonly outputs: readonly JudgedOutput[];
}

/** Leaves each parameter's gradient in the parameter's own place, to be read back as state. */
const exposeGradient: UpdateRule = {
  slots: [],
  apply: ({ gradient }) => ({ parameter: gradient, slots: [] }),
  fused: null,
};

function madeUpTarget(name: string, { classCount, targets }: LossCase): MadeUpData['targets'][number] {
  const values = classCount === 0 ? Float32Array.from(targets) : Int32Array.from(targets);
  const shape = classCount === 0 ? [batchSize, targets.length / batchSize] : [batchSize];
  return { ...targetOf(name, classCount), shape, values };
}

/** The step that the studio itself would train with, but for the update. */
function createGradientStep(plan: ModelPlan, x: Float32Array, losses: readonly LossCase[]): TrainingStep {
  const step = createStep({
    plan,
    data: {
      features: { shape: [batchSize, ...plan.inputShape], values: x },
      targets: losses.map((loss, i) => madeUpTarget(`target ${i}`, loss)),
    },
    loss: losses[0]!.loss,
    optimizer: { rule: exposeGradient, scalars: {} },
    seed,
  });
  // Scales and offsets begin at 1 and 0, at which some faults of a gradient would not show.
  const state = step.state.map((entry) => ({
    ...entry,
    values: entry.role === 'parameter' ? entry.values.map((value) => value + 0.1) : entry.values,
  }));
  return { ...step, state };
}

function poseProblem(spec: ModelSpec, inputShape: readonly number[], losses: readonly LossCase[]): Problem {
  const plan = planModel(spec, inputShape);
  const stream = openStream(seed, 'generator', 'gradients');
  const size = batchSize * sizeOf(inputShape);
  const x = Float32Array.from({ length: size }, () => 1.5 * stream.nextNormal());
  const outputs = plan.heads.map(({ layer, weight }, i) => ({ layer, weight, loss: losses[i]! }));
  return { plan, step: createGradientStep(plan, x, losses), x, outputs };
}

/** A model judged by one loss. */
export function createProblem(model: ModelCase, loss: LossCase): Problem {
  return poseProblem({ layers: withHead(model, loss), heads: [] }, model.inputShape, [loss]);
}

/** A shared trunk with an output for each loss, all weighed differently. */
export function createHeadedProblem(model: ModelCase, losses: readonly LossCase[]): Problem {
  return poseProblem(withHeads(model, losses), model.inputShape, losses);
}

function referenceLoss(outputs: readonly JudgedOutput[], values: readonly Array64[]): number {
  return outputs.reduce((sum, { layer, weight, loss }) => {
    const targets =
      loss.classCount === 0 ? { numbers: [...Float32Array.from(loss.targets)] } : { labels: loss.targets };
    return sum + weight * computeLoss(loss.loss, values[layer]!, targets);
  }, 0);
}

/** By central differences on the float64 reference. */
export function referenceGradients({ plan, step, x, outputs }: Problem): Gradients {
  const layers = plan.layers.map(({ name, spec, inputs }): ReferenceLayer => ({
    name,
    spec,
    inputs,
    dropoutKey: streamKey(seed, 'dropout', name),
  }));
  const variables = Object.fromEntries(
    step.state.map(({ name, shape, values }) => [name, arrayOf(shape, values)]),
  );
  const input = arrayOf([batchSize, ...plan.inputShape], x);
  const compute = () => referenceLoss(outputs, runModel(layers, input, { variables, step: stepNumber }));
  const parameters = step.state.filter((entry) => entry.role === 'parameter');
  const byName = Object.fromEntries(
    parameters.map(({ name }) => [name, differentiate(variables[name]!, compute)]),
  );
  return { loss: compute(), byName };
}

/** What the engine computes in one step of one of its programs. */
export async function engineGradients(
  engine: Engine,
  { plan, step }: Problem,
  executor: ExecutorKind,
): Promise<Gradients> {
  const program = await engine.createTrainingProgram(step, {
    batchSize,
    plannedSteps: 1,
    hasConvolutions: hasConvolutions(plan),
    executor,
    stepsPerCall: 1,
  });
  if (program.executor !== executor) throw new Error(`got the ${program.executor} executor, not ${executor}`);
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

function largestOf(values: ArrayLike<number>): number {
  return Math.max(...Array.from(values, Math.abs));
}

/** Largest difference of a gradient, relative to the largest element of the right one; over all parameters. */
export function worstError(found: Gradients, expected: Gradients): { name: string; error: number } {
  const largest = Math.max(...Object.values(expected.byName).map(largestOf));
  const errors = Object.entries(expected.byName).map(([name, right]) => {
    const values = found.byName[name] ?? [];
    const scale = largestOf(right);
    const error = Math.max(...Array.from(right, (value, i) => Math.abs(value - (values[i] ?? NaN))));
    // A bias before a batch norm has a gradient of zero, up to rounding of what cancels out: there the error is
    // measured against the largest gradient of all, or one.
    return { name, error: error / (scale > 1e-6 * largest ? scale : Math.max(1, largest)) };
  });
  const lossError = { name: 'loss', error: Math.abs(found.loss / expected.loss - 1) };
  return [lossError, ...errors].reduce((worst, next) => (next.error <= worst.error ? worst : next));
}
