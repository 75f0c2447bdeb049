import { basename } from 'node:path';
import type { ColumnType } from '../../../shared/schema/dataset.ts';
import { classTarget } from '../describe-dataset.ts';
import type { DatasetContent, ExamplesContent } from '../library/dataset-content.ts';
import { readCsvFile, readImageFolder } from '../readers/index.ts';
import type { LabelledImages } from '../readers/index.ts';
import { examplesContent, type ReadPart } from './examples-content.ts';
import type { ImportSource } from './import-source.ts';
import { readCifar } from './read-cifar.ts';
import { readIdx } from './read-idx.ts';
import { readNumpyArchive, readNumpyFiles } from './read-numpy.ts';
import { readUsps } from './read-usps.ts';
import { tableContent } from './table-content.ts';

function toPart(name: string, { shape, values, labels }: LabelledImages): ReadPart {
  return { name, features: { shape, values }, target: labels };
}

async function readFolder(path: string): Promise<ExamplesContent> {
  const { classes, train, test } = await readImageFolder(path);
  const name = basename(path);
  return examplesContent(
    classTarget('class', classes),
    toPart(name, train),
    test === null ? null : toPart(name, test),
  );
}

/**
 * Reads what files hold, whole and checked, into memory.
 * @param columnTypes corrections of guessed types, for tables
 * @throws StudioError `not-found`, `data-damaged`, `unsupported`, `invalid-input`
 */
export async function readSource(
  source: ImportSource,
  columnTypes: Readonly<Record<string, ColumnType>>,
): Promise<DatasetContent> {
  switch (source.format) {
    case 'csv':
      return tableContent(await readCsvFile(source.path, { types: columnTypes }));
    case 'idx':
      return readIdx(source.train, source.test);
    case 'cifar-10':
      return readCifar(source);
    case 'usps':
      return readUsps(source.train, source.test);
    case 'npy':
      return readNumpyFiles(source.paths);
    case 'npz':
      return readNumpyArchive(source.path);
    case 'image-folder':
      return readFolder(source.path);
    default:
      return source satisfies never;
  }
}
