import { describe, expect, it } from 'vitest';
import { describeDataset, numberTarget } from '../data/describe-dataset.ts';
import type { ExampleSet, LoadedDataset } from '../data/loaded-dataset.ts';
import { fieldAxis, pointOn } from './field-axes.ts';

function part(...values: number[]): ExampleSet {
  const exampleCount = values.length / 2;
  return {
    features: { shape: [exampleCount, 2], values: Float32Array.from(values) },
    targets: [new Float32Array(exampleCount)],
    exampleCount,
  };
}

const dataset: LoadedDataset = {
  info: describeDataset({
    id: 'two',
    name: 'Two',
    featureShape: [2],
    targets: [numberTarget('y')],
    featureNames: ['width'],
    columns: null,
    origin: 'imported',
    trainExamples: 2,
    testExamples: 1,
    licence: '',
    available: true,
  }),
  train: part(0, 7, 10, 7),
  test: part(-10, 7),
  sha256: '',
};

describe('an axis of a field', () => {
  it('holds the examples of both parts and a tenth on each side', () => {
    expect(fieldAxis(dataset, 0)).toEqual({ name: 'width', minimum: -12, maximum: 12 });
  });

  it('has a length where all examples have one value, and a name where the dataset gives none', () => {
    expect(fieldAxis(dataset, 1)).toEqual({ name: 'x2', minimum: 6, maximum: 8 });
  });

  it('has its ends among its points', () => {
    const axis = { name: 'x', minimum: -1, maximum: 3 };
    expect([0, 1, 2].map((index) => pointOn(axis, index, 3))).toEqual([-1, 1, 3]);
  });
});
