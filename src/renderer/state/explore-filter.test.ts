import { describe, expect, it } from 'vitest';
import type { ExampleNote } from '../../shared/schema/explore.ts';
import {
  classesNamed,
  EVERYTHING,
  filterExamples,
  isNarrowed,
  orderOf,
  type ExampleFilter,
  type FilterSource,
  type RunColumns,
} from './explore-filter.ts';
import { parseQuery } from './explore-query.ts';
import { ExampleSpace } from './explore-space.ts';
import { sampleRandom } from './testing/sample-results.ts';

const CLASSES = ['cat', 'dog', 'catfish'];
const TRAIN = 300;
const TEST = 100;

/** An example as plain words: what the oracle filters. */
interface Plain {
  readonly index: number;
  readonly row: number;
  readonly split: number;
  readonly label: number;
  readonly known: readonly [boolean, boolean];
  readonly predicted: readonly [number, number];
  readonly loss: number;
}

const random = sampleRandom(7);
const pick = (count: number) => Math.floor(random() * count);
const examples = Array.from({ length: TRAIN + TEST }, (_, index): Plain => {
  const isTest = index >= TRAIN;
  return {
    index,
    row: isTest ? index - TRAIN : index,
    split: isTest ? 2 : pick(10) === 0 ? 3 : pick(2),
    label: pick(3),
    known: [pick(10) > 0, pick(10) > 0],
    predicted: [pick(3), pick(3)],
    loss: Math.fround(random() * 4),
  };
});

function runOf(place: 0 | 1): RunColumns {
  return {
    kind: 'classification',
    known: Uint8Array.from(examples, (one) => (one.known[place] ? 1 : 0)),
    predicted: Int32Array.from(examples, (one) => one.predicted[place]),
    confidence: Float32Array.from(examples, (one) => (one.known[place] ? one.loss / 4 : Number.NaN)),
    loss: Float32Array.from(examples, (one) => (one.known[place] ? one.loss : Number.NaN)),
  };
}

const notes = new Map<number, ExampleNote>([
  [5, { part: 'train', row: 5, kind: 'outlier', text: 'upside down' }],
  [TRAIN + 9, { part: 'test', row: 9, kind: 'label', text: '' }],
]);

function source(text = ''): FilterSource {
  return {
    columns: {
      space: new ExampleSpace(TRAIN, TEST),
      split: Uint8Array.from(examples, (one) => one.split),
      targets: [Int32Array.from(examples, (one) => one.label)],
    },
    target: 0,
    classes: CLASSES,
    terms: parseQuery(text),
    numbers: (name) => (name === 'row' ? examples.map((one) => one.row) : null),
    notes,
    first: runOf(0),
    second: runOf(1),
  };
}

const indicesOf = (filter: Partial<ExampleFilter>, text = '') => [
  ...filterExamples({ ...EVERYTHING, ...filter }, source(text), null).list,
];
const expected = (test: (one: Plain) => boolean) => examples.filter(test).map((one) => one.index);

describe('a filter leaves what an example by example look leaves', () => {
  it.each<[string, Partial<ExampleFilter>, (one: Plain) => boolean]>([
    ['everything', {}, () => true],
    ['splits', { splits: new Set([1, 2]) }, (one) => one.split === 1 || one.split === 2],
    ['classes', { classes: new Set([2]) }, (one) => one.label === 2],
    ['right', { outcome: 'right' }, (one) => one.known[0] && one.predicted[0] === one.label],
    ['wrong', { outcome: 'wrong' }, (one) => one.known[0] && one.predicted[0] !== one.label],
    ['predictions', { predictions: new Set([0]) }, (one) => one.known[0] && one.predicted[0] === 0],
    ['losses', { lossFrom: 1, lossTo: 2 }, (one) => one.known[0] && one.loss >= 1 && one.loss <= 2],
    [
      'runs that differ',
      { disagreement: 'differ' },
      (one) => one.known[0] && one.known[1] && one.predicted[0] !== one.predicted[1],
    ],
    [
      'only the first right',
      { disagreement: 'only-first' },
      (one) =>
        one.known[0] && one.known[1] && one.predicted[0] === one.label && one.predicted[1] !== one.label,
    ],
    [
      'only the second right',
      { disagreement: 'only-second' },
      (one) =>
        one.known[0] && one.known[1] && one.predicted[0] !== one.label && one.predicted[1] === one.label,
    ],
    [
      'both wrong',
      { disagreement: 'both-wrong' },
      (one) =>
        one.known[0] && one.known[1] && one.predicted[0] !== one.label && one.predicted[1] !== one.label,
    ],
    ['any note', { notes: 'any' }, (one) => notes.has(one.index)],
    ['one kind of note', { notes: 'label' }, (one) => one.index === TRAIN + 9],
  ])('%s', (_, filter, test) => {
    expect(indicesOf(filter)).toEqual(expected(test));
  });

  it('together', () => {
    const filter = {
      splits: new Set([0]),
      classes: new Set([0, 1]),
      outcome: 'wrong' as const,
      lossFrom: 0.5,
    };
    const test = (one: Plain) =>
      one.split === 0 && one.label < 2 && one.known[0] && one.predicted[0] !== one.label && one.loss >= 0.5;
    expect(indicesOf(filter)).toEqual(expected(test));
    expect(indicesOf(filter).length).toBeGreaterThan(10);
  });

  it('of words: a class, a row of either part, or words of a note', () => {
    expect(indicesOf({}, 'cat')).toEqual(expected((one) => one.label !== 1));
    expect(indicesOf({}, '9')).toEqual([9, TRAIN + 9]);
    expect(indicesOf({}, 'upside')).toEqual([5]);
    expect(indicesOf({}, 'row < 3')).toEqual(expected((one) => one.row < 3));
    expect(indicesOf({}, 'dog row < 50')).toEqual(expected((one) => one.label === 1 && one.row < 50));
  });

  it('of a region', () => {
    const mask = new Uint8Array(TRAIN + TEST);
    mask[3] = mask[350] = 1;
    expect(indicesOf({ region: { label: 'lasso', mask, count: 2 } })).toEqual([3, 350]);
  });
});

describe('the counts of the classes', () => {
  it('are of what the rest of the filter leaves, whatever classes are chosen', () => {
    const filter = { ...EVERYTHING, splits: new Set([2]), classes: new Set([1]) };
    const { classCounts, list } = filterExamples(filter, source(), null);
    const counts = CLASSES.map(
      (_, label) => expected((one) => one.split === 2 && one.label === label).length,
    );
    expect([...classCounts]).toEqual(counts);
    expect(list).toHaveLength(counts[1]!);
  });
});

describe('an order', () => {
  it('puts the largest loss first and what has none last', () => {
    const { first, columns } = source();
    const order = orderOf('loss-falling', columns.space, first, null)!;
    const losses = [...order].map((index) => first!.loss[index]!);
    const known = losses.filter((loss) => !Number.isNaN(loss));
    expect(losses.slice(0, known.length)).toEqual([...known].sort((a, b) => b - a));
    expect(new Set(order).size).toBe(TRAIN + TEST);
  });

  it('is kept by what is filtered', () => {
    const { first, columns } = source();
    const order = orderOf('loss-rising', columns.space, first, null);
    const { list } = filterExamples({ ...EVERYTHING, outcome: 'wrong' }, source(), order);
    const losses = [...list].map((index) => first!.loss[index]!);
    expect(losses).toEqual([...losses].sort((a, b) => a - b));
  });

  it('by the difference of two regressions puts those furthest apart first', () => {
    const numbers = (values: number[]): RunColumns => ({
      kind: 'regression',
      known: new Uint8Array(3).fill(1),
      predicted: Float32Array.from(values),
      confidence: new Float32Array(3),
      loss: new Float32Array(3),
    });
    const space = new ExampleSpace(3, 0);
    const order = orderOf('difference-falling', space, numbers([1, 2, 3]), numbers([1, 7, 1]));
    expect([...order!]).toEqual([1, 2, 0]);
    expect(orderOf('difference-falling', space, numbers([1, 2, 3]), null)).toBeNull();
  });
});

describe('a word', () => {
  it('that is a number names only the class of that name', () => {
    expect([...classesNamed('1', ['1', '11', '10'])]).toEqual([0]);
    expect([...classesNamed('cat', CLASSES)]).toEqual([0, 2]);
  });
});

describe('a filter', () => {
  it('is narrowed by anything but its order', () => {
    expect(isNarrowed(EVERYTHING)).toBe(false);
    expect(isNarrowed({ ...EVERYTHING, order: 'loss-falling' })).toBe(false);
    expect(isNarrowed({ ...EVERYTHING, lossFrom: 0 })).toBe(true);
  });

  it('goes over 70,000 examples within a tenth of a second', () => {
    const count = 70_000;
    const label = Int32Array.from({ length: count }, (_, index) => index % 10);
    const run: RunColumns = {
      kind: 'classification',
      known: new Uint8Array(count).fill(1),
      predicted: Int32Array.from({ length: count }, (_, index) => index % 9),
      confidence: new Float32Array(count),
      loss: Float32Array.from({ length: count }, (_, index) => (index * 7919) % 1000),
    };
    const columns = {
      space: new ExampleSpace(60_000, 10_000),
      split: new Uint8Array(count),
      targets: [label],
    };
    const all = { ...source(), columns, first: run, second: run, terms: parseQuery('1') };
    const filter = { ...EVERYTHING, outcome: 'wrong' as const, classes: new Set([1]), lossFrom: 2 };
    const startedAt = performance.now();
    filterExamples(filter, all, orderOf('loss-falling', columns.space, run, null));
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});
