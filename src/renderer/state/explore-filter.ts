import type { ExampleNote } from '../../shared/schema/explore.ts';
import { compares, type QueryTerm } from './explore-query.ts';
import type { ExampleColumns, ExampleSpace } from './explore-space.ts';

/** What a run says of every example; arrays are [examples], NaN and 0 in `known` where it says nothing. */
export interface RunColumns {
  readonly kind: 'classification' | 'regression';
  /** 1 where the run has answered. */
  readonly known: Uint8Array;
  /** Classes, or numbers in the target's unit. */
  readonly predicted: Int32Array | Float32Array;
  /** Probability of the predicted class; NaN for a regression. */
  readonly confidence: Float32Array;
  /** -log probability of the right class; of a regression the size of the error, in the target's unit. */
  readonly loss: Float32Array;
}

export type NoteKind = ExampleNote['kind'];
export type Outcome = 'all' | 'right' | 'wrong';
export type Disagreement = 'all' | 'differ' | 'only-first' | 'only-second' | 'both-wrong';
export type ExampleOrder =
  'stored' | 'loss-falling' | 'loss-rising' | 'confidence-rising' | 'difference-falling';

/** Examples picked in another view. */
export interface Region {
  /** Where they were picked, e.g. "lasso in the projection". */
  readonly label: string;
  /** 1 for those inside, [examples]. */
  readonly mask: Uint8Array;
  readonly count: number;
}

/** What the examples shown must fulfil. Null means: anything. */
export interface ExampleFilter {
  readonly splits: ReadonlySet<number> | null;
  readonly classes: ReadonlySet<number> | null;
  readonly text: string;
  readonly outcome: Outcome;
  readonly predictions: ReadonlySet<number> | null;
  readonly lossFrom: number | null;
  readonly lossTo: number | null;
  readonly disagreement: Disagreement;
  readonly notes: 'all' | 'any' | NoteKind;
  readonly region: Region | null;
  readonly order: ExampleOrder;
}

export const EVERYTHING: ExampleFilter = {
  splits: null,
  classes: null,
  text: '',
  outcome: 'all',
  predictions: null,
  lossFrom: null,
  lossTo: null,
  disagreement: 'all',
  notes: 'all',
  region: null,
  order: 'stored',
};

/** What a filter looks at. */
export interface FilterSource {
  readonly columns: ExampleColumns;
  /** Which target the classes are of. */
  readonly target: number;
  /** Names of that target's classes; empty for a number. */
  readonly classes: readonly string[];
  readonly terms: readonly QueryTerm[];
  /** Numbers of a name in a query, [examples]; null where there is none of the name. */
  readonly numbers: (name: string) => ArrayLike<number> | null;
  readonly notes: ReadonlyMap<number, ExampleNote>;
  readonly first: RunColumns | null;
  readonly second: RunColumns | null;
}

/** The examples a filter leaves, in order, and how many of each class it would leave whatever the classes chosen. */
export interface Filtered {
  readonly list: Uint32Array;
  readonly classCounts: Int32Array;
}

type Test = (index: number) => boolean;

function keep(mask: Uint8Array, test: Test): void {
  for (let index = 0; index < mask.length; index++) if (mask[index] === 1 && !test(index)) mask[index] = 0;
}

/** A table of 256 answers is quicker than a set 70,000 times. */
function codeTest(codes: Uint8Array, wanted: ReadonlySet<number>): Test {
  const table = Uint8Array.from({ length: 256 }, (_, code) => (wanted.has(code) ? 1 : 0));
  return (index) => table[codes[index]!] === 1;
}

function labelTest(labels: ArrayLike<number>, wanted: ReadonlySet<number>): Test {
  const table = new Uint8Array(Math.max(0, ...wanted) + 1);
  for (const label of wanted) table[label] = 1;
  return (index) => table[labels[index]!] === 1;
}

/** Which classes a word names: a number only the class of that very name, other words any name that contains it. */
export function classesNamed(word: string, classes: readonly string[]): Set<number> {
  const exact = /^\d+$/.test(word);
  const places = classes.flatMap((name, place) => {
    const lower = name.toLowerCase();
    return (exact ? lower === word : lower.includes(word)) ? [place] : [];
  });
  return new Set(places);
}

function notesWith(word: string, notes: FilterSource['notes']): Set<number> {
  const found = [...notes].filter(([, note]) => note.kind === word || note.text.toLowerCase().includes(word));
  return new Set(found.map(([index]) => index));
}

function wordTest(word: string, source: FilterSource): Test {
  const { columns, target, classes, notes } = source;
  const { space } = columns;
  const named = classesNamed(word, classes);
  const labels = columns.targets[target];
  const ofClass = named.size === 0 || labels === undefined ? null : labelTest(labels, named);
  const noted = notesWith(word, notes);
  const row = /^\d+$/.test(word) ? Number(word) : -1;
  return (index) => ofClass?.(index) === true || space.rowOf(index) === row || noted.has(index);
}

function termTest(term: QueryTerm, source: FilterSource): Test {
  if (term.kind === 'word') return wordTest(term.word, source);
  const numbers = source.numbers(term.name);
  // The screen says that there is no such name; meanwhile it must not hide everything.
  if (numbers === null) return () => true;
  return (index) => compares(numbers[index] ?? Number.NaN, term.comparison, term.value);
}

function isRight(run: RunColumns, labels: ArrayLike<number>): Test {
  return (index) => run.known[index] === 1 && run.predicted[index] === labels[index];
}

function isWrong(run: RunColumns, labels: ArrayLike<number>): Test {
  return (index) => run.known[index] === 1 && run.predicted[index] !== labels[index];
}

function disagreementTest(kind: Disagreement, source: FilterSource): Test | null {
  const { first, second, columns, target } = source;
  const labels = columns.targets[target];
  if (kind === 'all' || first === null || second === null || labels === undefined) return null;
  const [rightFirst, rightSecond] = [isRight(first, labels), isRight(second, labels)];
  const known: Test = (index) => first.known[index] === 1 && second.known[index] === 1;
  const tests: Readonly<Record<Exclude<Disagreement, 'all'>, Test>> = {
    differ: (index) => first.predicted[index] !== second.predicted[index],
    'only-first': (index) => rightFirst(index) && !rightSecond(index),
    'only-second': (index) => !rightFirst(index) && rightSecond(index),
    'both-wrong': (index) => !rightFirst(index) && !rightSecond(index),
  };
  return (index) => known(index) && tests[kind](index);
}

function runTests(filter: ExampleFilter, source: FilterSource): Test[] {
  const { first, columns, target } = source;
  const labels = columns.targets[target];
  if (first === null || labels === undefined) return [];
  const tests: Test[] = [];
  if (filter.outcome === 'right') tests.push(isRight(first, labels));
  if (filter.outcome === 'wrong') tests.push(isWrong(first, labels));
  if (filter.predictions !== null) {
    const predicted = labelTest(first.predicted, filter.predictions);
    tests.push((index) => first.known[index] === 1 && predicted(index));
  }
  const { lossFrom, lossTo } = filter;
  if (lossFrom !== null) tests.push((index) => first.loss[index]! >= lossFrom);
  if (lossTo !== null) tests.push((index) => first.loss[index]! <= lossTo);
  return tests;
}

function testsOf(filter: ExampleFilter, source: FilterSource): Test[] {
  const { region, notes: wanted } = filter;
  const { notes } = source;
  const tests: Test[] = [];
  if (filter.splits !== null) tests.push(codeTest(source.columns.split, filter.splits));
  if (region !== null) tests.push((index) => region.mask[index] === 1);
  tests.push(...runTests(filter, source));
  const disagreement = disagreementTest(filter.disagreement, source);
  if (disagreement !== null) tests.push(disagreement);
  if (wanted === 'any') tests.push((index) => notes.has(index));
  else if (wanted !== 'all') tests.push((index) => notes.get(index)?.kind === wanted);
  tests.push(...source.terms.map((term) => termTest(term, source)));
  return tests;
}

function countClasses(mask: Uint8Array, labels: ArrayLike<number> | undefined, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  if (labels === undefined || classes === 0) return counts;
  for (let index = 0; index < mask.length; index++) if (mask[index] === 1) counts[labels[index]!]!++;
  return counts;
}

/** The marked examples in the order given, or in stored order. */
function gather(mask: Uint8Array, order: Uint32Array | null): Uint32Array {
  let count = 0;
  for (const kept of mask) count += kept;
  const list = new Uint32Array(count);
  let place = 0;
  for (let at = 0; at < mask.length; at++) {
    const index = order === null ? at : order[at]!;
    if (mask[index] === 1) list[place++] = index;
  }
  return list;
}

/**
 * The examples that fulfil a filter.
 * @param order every example in the order wanted, from {@link orderOf}; null for stored order
 */
export function filterExamples(
  filter: ExampleFilter,
  source: FilterSource,
  order: Uint32Array | null,
): Filtered {
  const { columns, target, classes } = source;
  const mask = new Uint8Array(columns.space.count).fill(1);
  for (const test of testsOf(filter, source)) keep(mask, test);
  const labels = columns.targets[target];
  const classCounts = countClasses(mask, labels, classes.length);
  if (filter.classes !== null && labels !== undefined) keep(mask, labelTest(labels, filter.classes));
  return { list: gather(mask, order), classCounts };
}

/** Is anything left out? */
export function isNarrowed(filter: ExampleFilter): boolean {
  const names = Object.keys(EVERYTHING) as (keyof ExampleFilter)[];
  return names.some((name) => name !== 'order' && filter[name] !== EVERYTHING[name]);
}

/** Every example by a key; what has none comes last, equals in stored order. */
function orderBy(space: ExampleSpace, key: (index: number) => number, falling: boolean): Uint32Array {
  const keys = Float64Array.from({ length: space.count }, (_, index) => {
    const value = key(index);
    return Number.isFinite(value) ? (falling ? -value : value) : Infinity;
  });
  return Uint32Array.from(keys, (_, index) => index).sort((a, b) => keys[a]! - keys[b]! || a - b);
}

/** Every example in an order; null for stored order, or where the runs it asks for are not chosen. */
export function orderOf(
  order: ExampleOrder,
  space: ExampleSpace,
  first: RunColumns | null,
  second: RunColumns | null,
): Uint32Array | null {
  if (order === 'stored' || first === null) return null;
  if (order === 'confidence-rising') return orderBy(space, (index) => first.confidence[index]!, false);
  if (order !== 'difference-falling')
    return orderBy(space, (index) => first.loss[index]!, order === 'loss-falling');
  if (second === null) return null;
  return orderBy(space, (index) => Math.abs(first.predicted[index]! - second.predicted[index]!), true);
}
