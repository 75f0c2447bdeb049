import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { summariseModel } from '../../src/main/model/index.ts';
import { resolveVariant } from '../../src/shared/experiment/resolve-variant.ts';
import { experiment } from '../../src/shared/schema/experiment.ts';
import type { ModelSummary } from '../../src/shared/schema/model.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'experiments');

function summaryOf(id: string, variant: string | null, inputShape: readonly number[]): ModelSummary {
  const whole = experiment.parse(JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')));
  return summariseModel(resolveVariant(whole, variant).model, inputShape);
}

const grey = [28, 28, 1];
const colour = [32, 32, 3];

// The counts are those of ../shared/experiments.md; for K they are worked out there, the report's own being wrong.
describe('the nets of the reports', () => {
  it.each([
    ['E2', 'e2-deep-thin', 'uniform', 6_730],
    ['E2', 'e2-deep-thin', 'he', 6_730],
    ['E3', 'e3-fmnist-mlps', 'small', 101_770],
    ['E3', 'e3-fmnist-mlps', 'medium', 118_282],
    ['E3', 'e3-fmnist-mlps', 'large', 134_794],
    ['E6', 'e6-fmnist-cnns', 'small', 63_050],
    ['E6', 'e6-fmnist-cnns', 'medium', 50_186],
    ['E6', 'e6-fmnist-cnns', 'large', 398_090],
    ['K0', 'k-cifar-cures', 'K0', 1_191_170],
  ])('%s (%s, %s) has %i parameters', (_report, id, variant, expected) => {
    const shape = id.startsWith('k') ? colour : grey;
    expect(summaryOf(id, variant, shape).parameterCount).toBe(expected);
  });

  it('K has its parameters in these layers, and sees 5x5 and 14x14 pixels with its first two convolutions', () => {
    const { layers } = summaryOf('k-cifar-cures', 'K0', colour);
    const trained = layers.filter(({ parameterCount }) => parameterCount > 0);
    expect(trained.map(({ parameterCount }) => parameterCount)).toEqual([
      2_432, 51_264, 102_464, 1_025_000, 10_010,
    ]);
    expect(trained.map(({ receptiveField }) => receptiveField)).toEqual([
      [5, 5],
      [14, 14],
      [32, 32],
      null,
      null,
    ]);
  });

  it('E6 sees 3x3, 8x8, 18x18 and 38x38 pixels with its four convolutions', () => {
    const { layers } = summaryOf('e6-fmnist-cnns', 'large', grey);
    const fields = layers.filter(({ kind }) => kind === 'conv2d').map(({ receptiveField }) => receptiveField);
    expect(fields).toEqual([
      [3, 3],
      [8, 8],
      [18, 18],
      [38, 38],
    ]);
  });
});
