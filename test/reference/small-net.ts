import type { Engine, TrainingCall, TrainingProgram, TrainingStep } from '../../src/main/engine/engine.ts';
import { planModel } from '../../src/main/model/index.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { createOptimizer } from '../../src/main/training/optimizers/index.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { modelSpec } from '../../src/shared/schema/model.ts';
import { optimizerSpec } from '../../src/shared/schema/training.ts';
import { createStep, targetOf } from './step-kit.ts';

const batchSize = 4;
const exampleCount = 16;
const stepsPerCall = 10;
const optimizer = createOptimizer(optimizerSpec.parse({ kind: 'adam', learningRate: 0.001 }));

/** A layer of every kind that keeps, escapes or draws something. */
const layers = [
  { kind: 'conv2d', filters: 2, kernelSize: 3, dilation: 2, activation: 'relu' },
  { kind: 'batch-norm' },
  { kind: 'max-pool2d' },
  { kind: 'dropout', rate: 0.2 },
  { kind: 'flatten' },
  { kind: 'dense', units: 3 },
];

function createSmallStep(): TrainingStep {
  const features = {
    shape: [exampleCount, 6, 6, 1],
    values: Uint8Array.from({ length: exampleCount * 36 }, (_, i) => (i * 37) % 256),
  };
  const labels = {
    ...targetOf('label', 3),
    shape: [exampleCount],
    values: Int32Array.from({ length: exampleCount }, (_, i) => i % 3),
  };
  return createStep({
    plan: planModel(modelSpec.parse({ layers }), [6, 6, 1]),
    data: { features, targets: [labels] },
    loss: 'sparse-softmax-cross-entropy',
    optimizer,
    preprocessing: [{ kind: 'unit-scale' }],
    objective: { metrics: ['accuracy'], labelSmoothing: 0.1, classWeights: [1, 2, 0.5] },
    parts: { gradientClipping: { kind: 'norm', limit: 0.5 } },
  });
}

/** A training program of a small convolutional net on 16 made-up images, ten steps a call. */
export async function openSmallNet(engine: Engine, executor: ExecutorKind): Promise<TrainingProgram> {
  const program = await engine.createTrainingProgram(createSmallStep(), {
    batchSize,
    plannedSteps: 1_000,
    hasConvolutions: true,
    executor,
    stepsPerCall,
  });
  if (program.executor !== executor) throw new Error(`got the ${program.executor} executor, not ${executor}`);
  return program;
}

function callAt(firstStep: number): TrainingCall {
  const indices = Int32Array.from({ length: stepsPerCall * batchSize }, (_, i) => (i * 5) % exampleCount);
  const layout = { batchSize, stepsPerCall, dropLastBatch: false };
  return planCall(indices, 0, firstStep, layout, optimizer.scalars)!;
}

/** Takes the steps from `first` up to `end`, both multiples of ten; their metrics in order. */
export async function takeSteps(program: TrainingProgram, first: number, end: number): Promise<number[]> {
  const metrics: number[] = [];
  for (let step = first; step < end; step += stepsPerCall) metrics.push(...(await program.run(callAt(step))));
  return metrics;
}
