import type { DatasetPart, ExploredColumns } from '../../shared/schema/explore.ts';

/** The place of a test example in SPLIT_CODES. */
export const TEST_CODE = 2;

/**
 * Examples of a dataset numbered through from 0: the rows of the training part, then those of the test part. A dataset
 * that comes as one part has its test examples among the rows of the training part.
 */
export class ExampleSpace {
  readonly trainCount: number;
  readonly testCount: number;

  constructor(trainCount: number, testCount: number) {
    this.trainCount = trainCount;
    this.testCount = testCount;
  }

  get count(): number {
    return this.trainCount + this.testCount;
  }

  partOf(index: number): DatasetPart {
    return index < this.trainCount ? 'train' : 'test';
  }

  rowOf(index: number): number {
    return index < this.trainCount ? index : index - this.trainCount;
  }

  indexOf(part: DatasetPart, row: number): number {
    return part === 'train' || this.testCount === 0 ? row : this.trainCount + row;
  }
}

/** What is known of every example without its features. Arrays are [examples], in the space's order. */
export interface ExampleColumns {
  readonly space: ExampleSpace;
  /** Places in SPLIT_CODES. */
  readonly split: Uint8Array;
  /** Per target of the dataset: labels, or numbers. */
  readonly targets: readonly (Int32Array | Float32Array)[];
}

function joined<T extends Int32Array | Float32Array | Uint8Array>(first: T, second: T | undefined): T {
  if (second === undefined) return first;
  const Constructor = first.constructor as new (length: number) => T;
  const all = new Constructor(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The parts of a dataset as one. */
export function joinColumns({ parts }: ExploredColumns): ExampleColumns {
  const [train, test] = parts;
  if (train === undefined) throw new Error('columns: found no part, expected one or two');
  return {
    space: new ExampleSpace(train.exampleCount, test?.exampleCount ?? 0),
    split: joined(train.split, test?.split),
    targets: train.targets.map((values, place) => joined(values, test?.targets[place])),
  };
}

/** The numbers from 0 up to the count: every example in stored order. */
export function everyIndex(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}
