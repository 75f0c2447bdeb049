import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { findFileKind, type FileKind } from './file-kind.ts';
import type { ImagesAndLabels, ImportSource } from './import-source.ts';

const FORMATS =
  'a CSV table, idx files of images and labels, batches of CIFAR-10, zip.train and zip.test of USPS, .npy or .npz ' +
  'arrays, or a folder of images by class';

function refuse(found: string, wayOut: string): StudioError {
  return new StudioError('invalid-input', `datasets: ${found}; ${wayOut}`, { path: 'paths' });
}

/** Files by what they look like. */
type FilesByKind = ReadonlyMap<FileKind, readonly string[]>;

async function sortByKind(paths: readonly string[]): Promise<FilesByKind> {
  const files = new Map<FileKind, string[]>();
  for (const path of paths) {
    const kind = await findFileKind(path);
    files.set(kind, [...(files.get(kind) ?? []), path]);
  }
  return files;
}

function isTest(path: string): boolean {
  return /t10k|test/i.test(basename(path));
}

function names(paths: readonly string[]): string {
  return paths.map((path) => basename(path)).join(', ');
}

/** The one file of a part. */
function only(paths: readonly string[], what: string): string {
  const [first, second] = paths;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) throw refuse(`found no file of ${what}`, 'choose it as well');
  throw refuse(`found ${names(paths)} as ${what}`, 'choose one of them');
}

function pairIdx(files: FilesByKind): ImportSource {
  const images = files.get('idx-images') ?? [];
  const labels = files.get('idx-labels') ?? [];
  const pair = (chosen: (path: string) => boolean, part: string): ImagesAndLabels => ({
    images: only(images.filter(chosen), `${part} images`),
    labels: only(labels.filter(chosen), `${part} labels`),
  });
  const hasTest = [...images, ...labels].some(isTest);
  return {
    format: 'idx',
    train: pair((path) => !isTest(path), 'training'),
    test: hasTest ? pair(isTest, 'test') : null,
  };
}

function groupCifar(batches: readonly string[]): ImportSource {
  const train = batches.filter((path) => !isTest(path)).sort();
  if (train.length === 0) {
    throw refuse(`found ${names(batches)} and no training batch`, 'choose data_batch_1.bin or more as well');
  }
  return { format: 'cifar-10', train, test: batches.filter(isTest) };
}

function pairUsps(files: readonly string[]): ImportSource {
  const test = files.filter(isTest);
  return {
    format: 'usps',
    train: only(
      files.filter((path) => !isTest(path)),
      'training digits (zip.train)',
    ),
    test: test.length === 0 ? null : only(test, 'test digits'),
  };
}

/** The format all of the files have together; null where they have none. */
function toSource(files: FilesByKind): ImportSource | null {
  const kinds = [...files.keys()].filter((kind) => kind !== 'unknown');
  const kind = kinds[0];
  const paths = files.get(kind ?? 'unknown') ?? [];
  const isIdx = kinds.length > 0 && kinds.every((each) => each === 'idx-images' || each === 'idx-labels');
  if (isIdx) return pairIdx(files);
  if (kinds.length !== 1) return null;
  if (kind === 'csv') return { format: 'csv', path: only(paths, 'a table') };
  if (kind === 'cifar') return groupCifar(paths);
  if (kind === 'tar') return { format: 'cifar-10', archive: only(paths, 'an archive') };
  if (kind === 'usps') return pairUsps(paths);
  if (kind === 'npy') return { format: 'npy', paths };
  return kind === 'npz' ? { format: 'npz', path: only(paths, 'arrays') } : null;
}

async function recogniseFolder(folder: string): Promise<ImportSource> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  const source = toSource(await sortByKind(files.map(({ name }) => join(folder, name))));
  return source ?? { format: 'image-folder', path: folder };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new StudioError(
      'not-found',
      `datasets: there is no ${path}; choose another file`,
      { file: path },
      { cause },
    );
  }
}

/**
 * Finds out what files are, by their content and names: all of one format, or one folder that holds them. Other files
 * in a folder are passed over; a folder without any such file is taken for one of images by class.
 * @throws StudioError `not-found`, `invalid-input` where they are nothing that can be read or not whole
 */
export async function recogniseSource(paths: readonly string[]): Promise<ImportSource> {
  const [first] = paths;
  if (first !== undefined && paths.length === 1 && (await isFolder(first))) return recogniseFolder(first);
  for (const path of paths) {
    if (await isFolder(path))
      throw refuse(`found the folder ${path} among others`, 'choose one folder, or files');
  }
  const files = await sortByKind(paths);
  const unknown = files.get('unknown') ?? [];
  if (unknown.length > 0) throw refuse(`cannot tell what ${names(unknown)} holds`, `choose ${FORMATS}`);
  const source = toSource(files);
  if (source === null)
    throw refuse(`found files of different formats (${names(paths)})`, `choose ${FORMATS}`);
  return source;
}
