import { basename } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { TargetInfo } from '../../../shared/schema/dataset.ts';
import { classTarget, numberTarget } from '../describe-dataset.ts';
import type { ExamplesContent } from '../library/dataset-content.ts';
import type { TargetValues } from '../loaded-dataset.ts';
import { readNpyFile, readNpzFile, type NpyArray } from '../readers/index.ts';
import { arrayFeatures } from './array-features.ts';
import { numberClasses } from './class-labels.ts';
import { examplesContent, type ReadPart } from './examples-content.ts';

/** More different whole numbers than this are taken for amounts, not for classes. */
const MOST_CLASSES = 1_000;

const EXPECTED = 'x_train and y_train (with x_test and y_test, or without), or X and y';

/** Which array is what: features or targets, to train or to test on. */
type Role = `${'x' | 'y'}-${'train' | 'test'}`;

/** The role of an array by its name, such as "x_train", "test_labels" or "X"; null for none. */
export function arrayRole(name: string): Role | null {
  const words = name
    .toLowerCase()
    .split(/[^a-z]+|(?<=[xy])(?=train|test)/)
    .filter((word) => word !== '');
  const isTest = words.includes('test');
  const rest = words.filter((word) => word !== 'train' && word !== 'test');
  if (rest.length !== 1) return null;
  const part = isTest ? 'test' : 'train';
  if (/^(?:x|images?|features?|data|inputs?)$/.test(rest[0]!)) return `x-${part}`;
  return /^(?:y|labels?|targets?)$/.test(rest[0]!) ? `y-${part}` : null;
}

function refuse(found: string): StudioError {
  return new StudioError('invalid-input', `datasets: ${found}; save the arrays as ${EXPECTED}`, {
    path: 'paths',
  });
}

type Roles = ReadonlyMap<Role, { readonly name: string; readonly array: NpyArray }>;

function assignRoles(arrays: ReadonlyMap<string, NpyArray>): Roles {
  const roles = new Map<Role, { name: string; array: NpyArray }>();
  for (const [name, array] of arrays) {
    const role = arrayRole(name);
    if (role === null) continue;
    const other = roles.get(role);
    if (other !== undefined) throw refuse(`the arrays ${other.name} and ${name} both look like ${role}`);
    roles.set(role, { name, array });
  }
  if (roles.has('x-train') && roles.has('y-train') && roles.has('x-test') === roles.has('y-test'))
    return roles;
  throw refuse(`found the arrays ${[...arrays.keys()].join(', ')}`);
}

function targetOf({ name, array }: { name: string; array: NpyArray }): NpyArray {
  const [, ...rest] = array.shape;
  if (array.shape.length >= 1 && rest.every((side) => side === 1)) return array;
  throw new StudioError(
    'unsupported',
    `datasets: ${name} has the shape ${array.shape.join('x')}, expected one number per example; save labels, not one column per class`,
    { array: name },
  );
}

/** Whole numbers of few different values are classes, all others numbers. */
function readTargets(arrays: readonly NpyArray[]): { info: TargetInfo; parts: readonly TargetValues[] } {
  const values = arrays.map((array) => array.values);
  const areWhole = values.every((part) => !(part instanceof Float32Array || part instanceof Float64Array));
  if (areWhole) {
    const { classes, parts } = numberClasses(values);
    if (classes.length <= MOST_CLASSES) return { info: classTarget('label', classes), parts };
  }
  const parts = arrays.map((array) => {
    const { values: numbers } = arrayFeatures({ ...array, values: Float32Array.from(array.values) }, 'y');
    return Float32Array.from(numbers);
  });
  return { info: numberTarget('y'), parts };
}

function toContent(arrays: ReadonlyMap<string, NpyArray>): ExamplesContent {
  const roles = assignRoles(arrays);
  const partNames = roles.has('x-test') ? (['train', 'test'] as const) : (['train'] as const);
  const { info, parts } = readTargets(partNames.map((part) => targetOf(roles.get(`y-${part}`)!)));
  const [train, test] = partNames.map((part, place): ReadPart => {
    const { name, array } = roles.get(`x-${part}`)!;
    return { name, features: arrayFeatures(array, name), target: parts[place]! };
  });
  return examplesContent(info, train!, test ?? null);
}

/**
 * Reads arrays of NumPy, one file each.
 * @throws StudioError `not-found`, `data-damaged`, `unsupported`, `invalid-input` where their names say nothing
 */
export async function readNumpyFiles(paths: readonly string[]): Promise<ExamplesContent> {
  const arrays = new Map<string, NpyArray>();
  for (const path of paths) {
    arrays.set(basename(path).replace(/\.npy(?:\.gz)?$/i, ''), await readNpyFile(path));
  }
  return toContent(arrays);
}

/** Reads the arrays of an .npz file. @throws StudioError as {@link readNumpyFiles} */
export async function readNumpyArchive(path: string): Promise<ExamplesContent> {
  return toContent(await readNpzFile(path));
}
