import { encode } from 'fast-png';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importPreview } from '../../../shared/schema/catalogue.ts';
import { temporaryFolder } from '../dataset-test-kit.ts';
import { loadDataset } from '../index.ts';
import { importDataset, previewImport } from './import-dataset.ts';
import { cifarBytes, idxBytes, npyBytes, tarEnd, tarEntry, uspsText, writeFile } from './import-test-kit.ts';

let folder: ReturnType<typeof temporaryFolder>;
let stored = '';
let files = '';
beforeEach(() => {
  folder = temporaryFolder();
  stored = join(folder.path, 'stored');
  files = join(folder.path, 'files');
  mkdirSync(files);
});
afterEach(() => folder.remove());

const request = (paths: string[], name?: string) => ({
  paths,
  columnTypes: {},
  ...(name === undefined ? {} : { name }),
});
const write = (name: string, bytes: Uint8Array | string): string => writeFile(files, name, bytes);

async function importAndLoad(paths: string[], name?: string) {
  const { id } = await importDataset(request(paths, name), stored);
  return loadDataset({ dataset: id, generator: null, table: null }, stored);
}

describe('importing idx files', () => {
  const pair = (prefix: string, count: number, ending: string): string[] => [
    write(
      `${prefix}-images-idx3-ubyte${ending}`,
      idxBytes([count, 4, 5], (i) => i % 256),
    ),
    write(
      `${prefix}-labels-idx1-ubyte${ending}`,
      idxBytes([count], (i) => 3 + 2 * (i % 3)),
    ),
  ];

  it.each(['', '.gz'])(
    'pairs images with labels by name, and makes classes of the labels found%s',
    async (ending) => {
      const paths = [...pair('letters-train', 6, ending), ...pair('letters-t10k', 4, ending)].reverse();
      const { info, train, test } = await importAndLoad(paths);
      expect(info).toMatchObject({
        id: 'letters',
        origin: 'imported',
        featureShape: [4, 5, 1],
        classes: ['3', '5', '7'],
      });
      expect([...train.targets[0]!]).toEqual([0, 1, 2, 0, 1, 2]);
      expect(test.exampleCount).toBe(4);
      expect([...train.features.values.subarray(20, 23)]).toEqual([20, 21, 22]);
    },
  );

  it('takes training files alone as a dataset of one part', async () => {
    const { info, train, test } = await importAndLoad(pair('train', 6, ''));
    expect(info).toMatchObject({ id: 'imported-images', testExamples: 0 });
    expect(test).toBe(train);
  });

  it('says which file is missing', async () => {
    const [images = '', labels = ''] = pair('train', 6, '');
    await expect(previewImport(request([images]))).rejects.toThrow(/no file of training labels/);
    const [testImages = ''] = pair('t10k', 3, '');
    await expect(previewImport(request([images, labels, testImages]))).rejects.toThrow(/test labels/);
  });

  it('refuses labels that are not as many as the images', async () => {
    const [images = ''] = pair('train', 6, '');
    const labels = write(
      'train-labels',
      idxBytes([5], () => 0),
    );
    await expect(previewImport(request([images, labels]))).rejects.toThrow(/6 examples and 5 labels/);
  });
});

describe('importing CIFAR-10', () => {
  it('takes some of the batches, in order, as the catalogue’s dataset, whatever name is asked for', async () => {
    const paths = [
      write('test_batch.bin', cifarBytes(10, [7, 8, 9])),
      write('data_batch_2.bin.gz', cifarBytes(10, [4, 5, 6])),
      write('data_batch_1.bin', cifarBytes(10, [1, 2, 3])),
    ];
    const { info, train, test } = await importAndLoad(paths, 'My pictures');
    expect(info).toMatchObject({
      id: 'cifar-10',
      name: 'CIFAR-10',
      origin: 'catalogue',
      trainExamples: 20,
      testExamples: 10,
    });
    expect(info.classes.slice(0, 2)).toEqual(['airplane', 'automobile']);
    expect([...train.features.values.subarray(0, 6)]).toEqual([1, 2, 3, 1, 2, 3]);
    expect([...train.features.values.subarray(10 * 3_072, 10 * 3_072 + 3)]).toEqual([4, 5, 6]);
    expect([...test.features.values.subarray(0, 3)]).toEqual([7, 8, 9]);
  });

  it('unpacks the archive it comes in', async () => {
    const archive = Buffer.concat([
      tarEntry('cifar-10-batches-bin/batches.meta.txt', Buffer.from('airplane\n')),
      tarEntry('cifar-10-batches-bin/data_batch_2.bin', cifarBytes(3, [4, 5, 6])),
      tarEntry('cifar-10-batches-bin/data_batch_1.bin', cifarBytes(3, [1, 2, 3])),
      tarEntry('cifar-10-batches-bin/test_batch.bin', cifarBytes(2, [7, 8, 9])),
      tarEnd,
    ]);
    const { info, train } = await importAndLoad([write('cifar-10-binary.tar.gz', archive)]);
    expect(info).toMatchObject({ id: 'cifar-10', trainExamples: 6, testExamples: 2 });
    expect([...train.features.values.subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  it('says so of archives that are broken or of something else', async () => {
    const packed = gzipSync(Buffer.concat([tarEntry('data_batch_1.bin', cifarBytes(30, [1, 2, 3])), tarEnd]));
    const path = join(files, 'cut.tar.gz');
    writeFileSync(path, packed.subarray(0, packed.length - 30));
    await expect(previewImport(request([path]))).rejects.toMatchObject({ code: 'data-damaged' });
    const other = write('other.tar.gz', Buffer.concat([tarEntry('notes.txt', Buffer.from('hello')), tarEnd]));
    await expect(previewImport(request([other]))).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('importing USPS', () => {
  it('brings the grey values to [0, 1] without losing any', async () => {
    const grey = ['-1.0000', '-0.6310', '0.0000', '1.0000'];
    const paths = [
      write(
        'zip.train.gz',
        uspsText(8, (row) => grey[row % 4]!),
      ),
      write(
        'zip.test',
        uspsText(4, () => '0.5'),
      ),
    ];
    const { info, train } = await importAndLoad(paths);
    expect(info).toMatchObject({ id: 'usps', featureShape: [16, 16, 1], trainExamples: 8, testExamples: 4 });
    expect(train.features.values).toBeInstanceOf(Float32Array);
    const firstOf = (row: number): number => train.features.values[row * 256]!;
    expect([0, 1, 2, 3].map(firstOf)).toEqual([0, expect.closeTo(0.1845, 6), 0.5, 1]);
    expect([...train.targets[0]!]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const coloured = await loadDataset({ dataset: 'coloured-usps', generator: null, table: null }, stored);
    expect(coloured.info).toMatchObject({
      featureShape: [16, 16, 3],
      trainExamples: 8,
      testExamples: 4,
      available: true,
    });
  });
});

describe('importing NumPy arrays', () => {
  const x = npyBytes('<f4', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
  const y = npyBytes('<i8', [3], BigInt64Array.of(4n, -1n, 4n));

  it('takes X and y as one part, whole numbers as classes', async () => {
    const { info, train } = await importAndLoad([write('X.npy', x), write('y.npy', y)], 'Points');
    expect(info).toMatchObject({
      id: 'points',
      featureNames: ['x1', 'x2'],
      classes: ['-1', '4'],
      testExamples: 0,
    });
    expect([...train.targets[0]!]).toEqual([1, 0, 1]);
    expect([...train.features.values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes train and test, fractions as numbers to predict', async () => {
    const targets = npyBytes('<f8', [3, 1], Float64Array.of(0.5, 1.5, 2.5));
    const paths = ['x_train', 'x_test'].map((name) => write(`${name}.npy`, x));
    paths.push(...['y_train', 'y_test'].map((name) => write(`${name}.npy`, targets)));
    const { info, test } = await importAndLoad(paths);
    expect(info).toMatchObject({
      id: 'imported-arrays',
      task: 'regression',
      trainExamples: 3,
      testExamples: 3,
    });
    expect([...test.targets[0]!]).toEqual([0.5, 1.5, 2.5]);
  });

  it('gives grey images a channel axis and keeps bytes', async () => {
    const images = npyBytes('|u1', [3, 2, 4], new Uint8Array(24).fill(9));
    const { info, train } = await importAndLoad([write('images.npy', images), write('labels.npy', y)]);
    expect(info.featureShape).toEqual([2, 4, 1]);
    expect(train.features.values).toBeInstanceOf(Uint8Array);
  });

  it.each([
    ['names that say nothing', ['a.npy', 'b.npy'], x, y, 'invalid-input'],
    [
      'one column per class',
      ['X.npy', 'y.npy'],
      x,
      npyBytes('<f4', [3, 2], new Float32Array(6)),
      'unsupported',
    ],
    [
      'numbers that are not finite',
      ['X.npy', 'y.npy'],
      npyBytes('<f4', [3, 1], Float32Array.of(1, NaN, 2)),
      y,
      'unsupported',
    ],
    ['fewer labels', ['X.npy', 'y.npy'], x, npyBytes('<i4', [2], Int32Array.of(0, 1)), 'data-damaged'],
  ])('refuses %s', async (_, [first = '', second = ''], one, other, code) => {
    const paths = [write(first, one), write(second, other)];
    await expect(previewImport(request(paths))).rejects.toMatchObject({ code });
  });
});

describe('importing a folder of images', () => {
  function writeImage(path: string, level: number): void {
    mkdirSync(join(files, path, '..'), { recursive: true });
    write(path, encode({ width: 3, height: 2, data: new Uint8Array(6).fill(level), channels: 1, depth: 8 }));
  }

  it('names the classes after the folders and the dataset after the folder', async () => {
    for (const [place, path] of ['cats/a.png', 'cats/b.png', 'dogs/c.png'].entries()) writeImage(path, place);
    const { info, train } = await importAndLoad([files], 'Pets');
    expect(info).toMatchObject({
      id: 'pets',
      featureShape: [2, 3, 1],
      classes: ['cats', 'dogs'],
      trainExamples: 3,
    });
    expect([...train.targets[0]!]).toEqual([0, 0, 1]);
    expect(train.features.values[12]).toBe(2);
  });

  it('takes the files in a folder where they are of a known format, and passes over others', async () => {
    write('data_batch_1.bin', cifarBytes(5, [1, 2, 3]));
    write('readme.html', '<p>hello</p>');
    expect(await previewImport(request([files]))).toMatchObject({ format: 'cifar-10', trainExamples: 5 });
  });
});

describe('previewing', () => {
  it('shows columns with guessed types and first values, and stores nothing', async () => {
    const path = write(
      'Iris flowers.csv',
      'length,species\n5.1,setosa\n4.9,setosa\n,virginica\n6.0,virginica\n',
    );
    const preview = await previewImport(request([path]));
    expect(importPreview.parse(preview)).toEqual(preview);
    expect(preview).toMatchObject({
      format: 'csv',
      catalogueId: null,
      suggestedName: 'Iris flowers',
      trainExamples: 4,
      columns: [
        { name: 'length', type: 'number', missingCount: 1, firstValues: ['5.1', '4.9', '', '6'] },
        {
          name: 'species',
          type: 'category',
          missingCount: 0,
          firstValues: ['setosa', 'setosa', 'virginica', 'virginica'],
        },
      ],
    });
    expect(readdirSync(folder.path)).toEqual(['files']);
  });

  it('follows corrected types', async () => {
    const path = write('grades.csv', 'points,grade\n10,1\n20,2\n30,3\n40,10\n');
    const { columns } = await previewImport({ paths: [path], columnTypes: { grade: 'category' } });
    expect(columns?.[1]?.type).toBe('category');
    await importDataset({ paths: [path], columnTypes: { grade: 'category' } }, stored);
    const { info } = await loadDataset({ dataset: 'grades', generator: null, table: null }, stored);
    expect(info.classes).toEqual(['1', '2', '3', '10']);
  });
});

describe('refusing', () => {
  const table = 'a,b\n1,2\n3,4\n';

  it('a second dataset of the same name, which stays as it is', async () => {
    await importDataset(request([write('mine.csv', table)]), stored);
    const again = importDataset(request([write('mine.csv', 'a,b\n9,9\n')]), stored);
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    const { train } = await loadDataset({ dataset: 'mine', generator: null, table: null }, stored);
    expect([...train.features.values]).toEqual([1, 3]);
  });

  it.each(['MNIST', 'Fashion MNIST', 'circles', 'Coloured USPS'])(
    'the name %s for other files',
    async (name) => {
      const other = importDataset(request([write('mine.csv', table)], name), stored);
      await expect(other).rejects.toMatchObject({ code: 'conflict', details: { path: 'name' } });
    },
  );

  it('a name without letters or digits, and takes letters with accents', async () => {
    const path = write('mine.csv', table);
    await expect(importDataset(request([path], '…'), stored)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    expect((await importDataset(request([path], 'Übung: Größen & Preise'), stored)).id).toBe(
      'ubung-gro-en-preise',
    );
  });

  it.each([
    ['a file of no known kind', { 'letter.docx': 'hello' }, /cannot tell what letter\.docx holds/],
    [
      'files of two kinds',
      { 'a.csv': table, 'data_batch_1.bin': cifarBytes(1, [0, 0, 0]) },
      /different formats/,
    ],
    ['two tables', { 'a.csv': table, 'b.csv': table }, /a\.csv, b\.csv as a table/],
    ['a table with nothing to learn from', { 'a.csv': 'word\nhello\nworld\n' }, /two columns/],
  ])('%s', async (_, content, message) => {
    const paths = Object.entries(content).map(([name, bytes]) => write(name, bytes));
    await expect(importDataset(request(paths), stored)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(message),
    });
  });

  it('a file that is not there', async () => {
    await expect(previewImport(request([join(files, 'nothing.csv')]))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
