import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distance, Inspection, type TrainedRun } from '../../../test/fixtures/inspection.ts';

const inspection = new Inspection();
afterAll(() => inspection.close());

/** The same number but for the rounding of float32. */
function expectNear(found: number | null, expected: number): void {
  expect(distance(found, expected)).toBeLessThan(1e-6);
}

const rings = {
  dataset: 'circles',
  generator: { trainExamples: 200, testExamples: 90, noise: 0.1, seed: 1 },
};

const adam = { kind: 'adam', learningRate: 0.03 } as const;

describe('a softmax classification', () => {
  const EPOCHS = 15;
  let run: TrainedRun;
  beforeAll(async () => {
    run = await inspection.train({
      data: rings,
      preprocessing: [{ kind: 'standardise' }],
      model: {
        layers: [
          { kind: 'dense', units: 12, activation: 'tanh' },
          { kind: 'batch-norm' },
          { kind: 'dropout', rate: 0.1 },
          { kind: 'dense', units: 2 },
        ],
      },
      training: { optimizer: adam, batchSize: 20, epochs: EPOCHS },
      evaluation: { batchSize: 32 },
    });
  });

  it.each(['dev', 'test'] as const)('comes to the numbers the run measured on %s', async (split) => {
    const found = await inspection.classify(run.netAt(EPOCHS), split);
    expectNear(found.accuracy, run.measured(split, 'accuracy'));
    expectNear(found.negativeLogLikelihood, run.measured(split, 'loss'));
  });

  it('gives every example of the split once, by its row', async () => {
    const train = await inspection.classify(run.netAt(EPOCHS), 'train');
    const dev = await inspection.classify(run.netAt(EPOCHS), 'dev');
    const rows = [...train.rows, ...dev.rows].sort((a, b) => a - b);
    expect(rows).toEqual([...Array(200).keys()]);
  });

  it('answers for the net before training, which knows nothing', async () => {
    const before = await inspection.classify(run.netAt(0), 'test');
    const after = await inspection.classify(run.netAt(EPOCHS), 'test');
    expect(after.accuracy).toBeGreaterThan(0.95);
    expect(before.accuracy).toBeLessThan(after.accuracy);
    expect(before.negativeLogLikelihood).toBeGreaterThan(after.negativeLogLikelihood!);
  });

  it('has a field in which each ring has its place', async () => {
    const field = await inspection.plane(run.netAt(EPOCHS), 65);
    const { side, values, channels, x, y } = field;
    expect(channels).toBe(2);
    // The middle of the rings is the inner ring's, the corners the outer's.
    const at = (column: number, row: number, label: number): number =>
      values[(row * side + column) * 2 + label]!;
    const column = Math.round(((0 - x.minimum) / (x.maximum - x.minimum)) * (side - 1));
    const row = Math.round(((0 - y.minimum) / (y.maximum - y.minimum)) * (side - 1));
    expect(at(column, row, 1)).toBeGreaterThan(0.9);
    for (const corner of [
      [0, 0],
      [64, 0],
      [0, 64],
      [64, 64],
    ] as const) {
      expect(at(corner[0], corner[1], 0)).toBeGreaterThan(0.9);
    }
    for (let i = 0; i < values.length; i += 2) expect(values[i]! + values[i + 1]!).toBeCloseTo(1, 5);
  });

  it('counts every parameter and every output of its layers', async () => {
    const layers = await inspection.histograms(run.netAt(EPOCHS), 'train');
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(layers.map(({ layer, units }) => [layer, units])).toEqual([
      ['dense-1', 12],
      ['batch-norm-2', 12],
      ['dropout-3', 12],
      ['dense-4', 2],
    ]);
    const parameters = layers.map((layer) =>
      layer.parameters.map(({ name, histogram }) => [name, sum(histogram.counts)]),
    );
    expect(parameters).toEqual([
      [
        ['weight', 24],
        ['bias', 12],
      ],
      [
        ['scale', 12],
        ['offset', 12],
      ],
      [],
      [
        ['weight', 24],
        ['bias', 2],
      ],
    ]);
    expect(layers.map(({ activations }) => sum(activations.counts))).toEqual([2160, 2160, 2160, 360]);
    expect(layers[0]!.activations.minimum).toBeGreaterThanOrEqual(-1);
    // Dropout is off, so that its outputs are its inputs.
    expect(layers[2]!.activations).toEqual(layers[1]!.activations);
  });

  it('refuses data other than the run was made of', async () => {
    const net = run.netAt(EPOCHS);
    const other = { ...net, fingerprints: { ...net.fingerprints!, dataSha256: '0'.repeat(64) } };
    await expect(inspection.classify(other, 'test')).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await inspection.classify(run.netAt(EPOCHS), 'test')).rows.length).toBe(90);
  });

  it('refuses a checkpoint that is not the stored one', async () => {
    const net = run.netAt(EPOCHS);
    const checkpoint = { ...net.checkpoint!, sha256: '0'.repeat(64) };
    const damaged = { ...net, checkpoint };
    await expect(inspection.classify(damaged, 'test')).rejects.toMatchObject({
      code: 'data-damaged',
    });
  });
});
