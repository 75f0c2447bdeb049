import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  experiment as schema,
  type Experiment,
  type ExperimentInput,
} from '../../shared/schema/experiment.ts';
import { openStream } from '../../shared/random/stream.ts';
import type { LoadedDataset } from '../data/loaded-dataset.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { planCall } from '../training/call-plan.ts';
import { EpochOrders } from '../training/epoch-order.ts';
import { materialiseRun, prepareRun } from '../training/prepare-run.ts';
import { createTrainingStep } from '../training/training-step.ts';
import { openPreview, previewBatch } from './preview-batch.ts';

const SEED = 6;
const EXAMPLES = 40;
const SIDE = 5;

const stream = openStream(1, 'generator', 'preview-batch.test');

function part(exampleCount: number): LoadedDataset['train'] {
  return {
    features: {
      shape: [exampleCount, SIDE, SIDE, 1],
      values: Uint8Array.from({ length: exampleCount * SIDE * SIDE }, () => stream.nextInteger(256)),
    },
    targets: [Int32Array.from({ length: exampleCount }, (_, i) => i % 2)],
    exampleCount,
  };
}

const dataset: LoadedDataset = {
  info: {
    id: 'mnist',
    name: 'Little digits',
    task: 'classification',
    featureShape: [SIDE, SIDE, 1],
    classes: ['even', 'odd'],
    targets: [{ name: 'label', kind: 'class', classes: ['even', 'odd'], unit: null }],
    featureNames: [],
    columns: null,
    origin: 'imported',
    trainExamples: EXAMPLES,
    testExamples: 4,
    generated: false,
    licence: '',
    available: true,
  },
  train: part(EXAMPLES),
  test: part(4),
  sha256: '0'.repeat(64),
};

function experimentWith(changes: Partial<ExperimentInput>): Experiment {
  return schema.parse({
    schemaVersion: 1,
    name: 'preview',
    data: { dataset: 'mnist' },
    preprocessing: [{ kind: 'unit-scale' }, { kind: 'standardise', per: 'channel' }],
    model: { layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }] },
    training: { batchSize: 16, epochs: 1 },
    ...changes,
  });
}

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

/** Takes a run's first training step and looks at what its augmentation made. */
async function firstStepInputs(experiment: Experiment): Promise<{ x: number[]; rows: number[] }> {
  const { parts, split } = prepareRun(experiment, SEED, dataset);
  const ready = await materialiseRun(prepareRun(experiment, SEED, dataset));
  let x: number[] = [];
  const augmentation = parts.augmentation!;
  const watching = createTrainingStep({
    ...parts,
    augmentation: {
      ...augmentation,
      apply(prepared, context) {
        const changed = augmentation.apply(prepared, context);
        x = [...changed.x.dataSync()];
        return changed;
      },
    },
  });
  const { batchSize } = experiment.training;
  const options = { batchSize, plannedSteps: 1, hasConvolutions: false, stepsPerCall: 1 };
  const program = await engine.createTrainingProgram({ ...watching, inputs: ready.step.inputs }, options);
  const order = new EpochOrders(split.train, SEED).take(1);
  const layout = { batchSize, stepsPerCall: 1, dropLastBatch: false };
  const call = planCall(order, 0, 0, layout, parts.optimizer.scalars)!;
  await program.run(call);
  program.dispose();
  return { x, rows: [...call.indices] };
}

function preview(experiment: Experiment, examples: number) {
  return previewBatch(experiment, openPreview(experiment, SEED, dataset), examples, engine.ops);
}

describe('a preview', () => {
  it.each([
    ['crop and cutmix', {}],
    ['whitened images', { preprocessing: [{ kind: 'zca-whitening' as const }] }],
    ['a first batch that is all there is', { training: { batchSize: 64 } }],
  ])('is what the first training step is fed: %s', async (_, changes) => {
    const experiment = experimentWith({
      augmentation: [{ kind: 'crop', padding: 2 }, { kind: 'cutmix' }],
      ...changes,
    });
    const expected = await firstStepInputs(experiment);
    const found = await preview(experiment, 64);
    expect([...found.rows]).toEqual(expected.rows);
    expect([...found.values]).toEqual(expected.x);
    expect([...found.labels!]).toEqual(expected.rows.map((row) => row % 2));
  });

  it('shows the first examples only, unchanged by how many are asked for', async () => {
    const experiment = experimentWith({ augmentation: [{ kind: 'mixup' }] });
    const [few, all] = [await preview(experiment, 3), await preview(experiment, 16)];
    expect(few.rows).toEqual(all.rows.slice(0, 3));
    expect(few.values).toEqual(all.values.slice(0, 3 * SIDE * SIDE));
    expect(few.minimum).toBe(Math.min(...few.values));
    expect(few.maximum).toBe(Math.max(...few.values));
  });

  it('shows prepared images where nothing augments them, without a model', async () => {
    const experiment = experimentWith({ model: { layers: [] }, preprocessing: [{ kind: 'unit-scale' }] });
    const { rows, values, shape } = await preview(experiment, 1);
    expect(shape).toEqual([SIDE, SIDE, 1]);
    const raw = dataset.train.features.values.subarray(rows[0]! * SIDE * SIDE, (rows[0]! + 1) * SIDE * SIDE);
    expect([...values]).toEqual(Array.from(raw, (value) => Math.fround(value * Math.fround(1 / 255))));
  });

  it('refuses faults at their path, and leaves no tensors behind', async () => {
    const faulty = experimentWith({ augmentation: [{ kind: 'shift', pixels: 5 }] });
    expect(() => openPreview(faulty, SEED, dataset)).toThrow(/augmentation.0.pixels/);
    const before = engine.memory();
    await preview(experimentWith({ augmentation: [{ kind: 'crop', padding: 2 }] }), 8);
    expect(engine.memory()).toEqual(before);
  });
});
