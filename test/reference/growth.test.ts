import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, TrainingCall, TrainingProgram, TrainingStep } from '../../src/main/engine/engine.ts';
import { chooseMeasures } from '../../src/main/metrics/metrics.ts';
import { planModel } from '../../src/main/model/index.ts';
import { fitPreprocessing } from '../../src/main/preprocess/index.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { createOptimizer } from '../../src/main/training/optimizers/index.ts';
import { createTrainingStep } from '../../src/main/training/training-step.ts';
import { modelSpec } from '../../src/shared/schema/model.ts';
import { optimizerSpec } from '../../src/shared/schema/training.ts';
import { engineCases, openTestEngine } from './engines.ts';

const batchSize = 4;
const stepsPerCall = 10;
const optimizer = createOptimizer(optimizerSpec.parse({ kind: 'adam', learningRate: 0.001 }));

/** A small net with a layer of every kind that keeps or escapes something. */
const layers = [
  { kind: 'conv2d', filters: 2, kernelSize: 3, dilation: 2, activation: 'relu' },
  { kind: 'batch-norm' },
  { kind: 'max-pool2d' },
  { kind: 'dropout', rate: 0.2 },
  { kind: 'flatten' },
  { kind: 'dense', units: 3 },
];

function createStep(): TrainingStep {
  const features = {
    shape: [16, 6, 6, 1],
    values: Uint8Array.from({ length: 16 * 36 }, (_, i) => (i * 37) % 256),
  };
  return createTrainingStep({
    plan: planModel(modelSpec.parse({ layers }), [6, 6, 1]),
    preprocessing: fitPreprocessing([{ kind: 'unit-scale' }], features, Int32Array.of(0)),
    measures: chooseMeasures('sparse-softmax-cross-entropy', ['accuracy'], { classCount: 3, outputCount: 3 }),
    optimizer,
    inputs: [
      { name: 'features', ...features },
      { name: 'targets', shape: [16], values: Int32Array.from({ length: 16 }, (_, i) => i % 3) },
    ],
    seed: 1,
  });
}

function callAt(firstStep: number): TrainingCall {
  const indices = Int32Array.from({ length: stepsPerCall * batchSize }, (_, i) => (i * 5) % 16);
  const layout = { batchSize, stepsPerCall, dropLastBatch: false };
  return planCall(indices, 0, firstStep, layout, optimizer.scalars)!;
}

async function takeSteps(program: TrainingProgram, first: number, end: number): Promise<void> {
  for (let step = first; step < end; step += stepsPerCall) await program.run(callAt(step));
}

// The cpu engine runs the same program as the wasm engine, only slower.
const cases = engineCases.filter(({ kind }) => kind !== 'cpu');

describe.each(cases)('memory of the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test('holds no more tensors and handles after 1,000 steps than after the first', async () => {
    const empty = engine.memory();
    const program = await engine.createTrainingProgram(createStep(), {
      batchSize,
      plannedSteps: 1_000,
      hasConvolutions: true,
      executor,
      stepsPerCall,
    });
    expect(program.executor).toBe(executor);
    await takeSteps(program, 0, stepsPerCall);
    const before = engine.memory();
    await takeSteps(program, stepsPerCall, 990);
    // The state of a checkpoint is copied to the device by the next step only.
    await program.writeState(await program.readState());
    await takeSteps(program, 990, 1_000);
    expect(engine.memory()).toEqual(before);
    program.dispose();
    expect(engine.memory()).toEqual(empty);
  });
});
