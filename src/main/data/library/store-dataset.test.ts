import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { classTarget, numberTarget } from '../describe-dataset.ts';
import { temporaryFolder } from '../dataset-test-kit.ts';
import { fingerprintExamples } from '../fingerprint.ts';
import { datasetInfo, loadDataset } from '../index.ts';
import type { ExampleSet } from '../loaded-dataset.ts';
import type { ExamplesContent } from './dataset-content.ts';
import { removeDataset, storeDataset, type NewDataset } from './store-dataset.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

function imagePart(count: number, first: number): ExampleSet {
  return {
    features: {
      shape: [count, 2, 2, 1],
      values: Uint8Array.from({ length: 4 * count }, (_, i) => first + i),
    },
    targets: [
      Int32Array.from({ length: count }, (_, i) => i % 2),
      Float32Array.from({ length: count }, (_, i) => i / 3),
    ],
    exampleCount: count,
  };
}

function images(change: Partial<ExamplesContent> = {}): NewDataset {
  return {
    id: 'pictures',
    name: 'Pictures',
    licence: 'Mine',
    origin: 'imported',
    content: {
      kind: 'examples',
      featureShape: [2, 2, 1],
      featureNames: [],
      targets: [classTarget('side', ['left', 'right']), numberTarget('weight', 'kg')],
      train: imagePart(5, 10),
      test: imagePart(3, 100),
      ...change,
    },
  };
}

const choice = { dataset: 'pictures', generator: null, table: null };
const load = () => loadDataset(choice, folder.path);

describe('a stored dataset', () => {
  it('comes back as it was stored, bytes as bytes, with its info and fingerprint', async () => {
    const stored = images();
    await storeDataset(folder.path, stored);
    const { train, test, info, sha256 } = await load();
    const { content } = stored;
    if (content.kind !== 'examples') throw new Error('the sample holds examples');
    expect(train).toEqual(content.train);
    expect(test).toEqual(content.test);
    expect(sha256).toBe(fingerprintExamples([content.train, content.test!]));
    expect(info).toMatchObject({
      id: 'pictures',
      origin: 'imported',
      trainExamples: 5,
      testExamples: 3,
      classes: ['left', 'right'],
      available: true,
    });
    expect(info.targets.map(({ unit }) => unit)).toEqual([null, 'kg']);
  });

  it('of floats keeps them to the bit', async () => {
    const values = Float32Array.of(0.1, -0, 1e-40, 3.4e38);
    const part = { features: { shape: [2, 2], values }, targets: [Int32Array.of(1, 0)], exampleCount: 2 };
    const content = { featureShape: [2], featureNames: ['a', 'b'], train: part, test: null };
    await storeDataset(folder.path, images({ ...content, targets: [classTarget('side', ['l', 'r'])] }));
    const { train } = await load();
    const bits = (array: ArrayBufferView): Uint32Array => new Uint32Array(array.buffer);
    expect(bits(train.features.values)).toEqual(bits(values));
  });

  it('of one part has it as train and as test', async () => {
    await storeDataset(folder.path, images({ test: null }));
    const { train, test, info } = await load();
    expect(test).toBe(train);
    expect(info.testExamples).toBe(0);
  });

  it('is never overwritten by another of its id', async () => {
    await storeDataset(folder.path, images());
    await expect(storeDataset(folder.path, images({ test: null }))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(readdirSync(folder.path)).toEqual(['pictures']);
    expect((await load()).info.testExamples).toBe(3);
  });

  it('leaves nothing behind where it cannot be written', async () => {
    const broken = images({ train: { ...imagePart(5, 0), targets: [] } });
    await expect(storeDataset(folder.path, broken)).rejects.toThrow();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('lets only one of two writers win', async () => {
    const both = await Promise.allSettled([1, 2].map(() => storeDataset(folder.path, images())));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(folder.path)).toEqual(['pictures']);
    await load();
  });

  it('can be removed, damaged or not, and then is unknown', async () => {
    await storeDataset(folder.path, images());
    writeFileSync(join(folder.path, 'pictures', 'manifest.json'), 'nonsense');
    await removeDataset(folder.path, 'pictures');
    expect(readdirSync(folder.path)).toEqual([]);
    expect(() => datasetInfo(choice, folder.path)).toThrow(expect.objectContaining({ code: 'not-found' }));
    await expect(removeDataset(folder.path, 'pictures')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a damaged dataset says data-damaged, names the file and the way out:', () => {
  const file = (name: string): string => join(folder.path, 'pictures', name);
  const flipByte = (name: string): void => {
    const bytes = readFileSync(file(name));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file(name), bytes);
  };
  const cases: [string, string, () => void][] = [
    ['a file cut short', 'train-features.u8', () => writeFileSync(file('train-features.u8'), 'abc')],
    ['a file too long', 'test-target-1.f32', () => appendFileSync(file('test-target-1.f32'), 'x')],
    ['a file missing', 'train-target-0.i32', () => rmSync(file('train-target-0.i32'))],
    ['one bit turned', 'test-features.u8', () => flipByte('test-features.u8')],
    ['a manifest cut short', 'manifest.json', () => writeFileSync(file('manifest.json'), '{')],
    ['a manifest of something else', 'manifest.json', () => writeFileSync(file('manifest.json'), '[1]')],
  ];

  it.each(cases)('%s (%s)', async (_, name, damage) => {
    await storeDataset(folder.path, images());
    damage();
    await expect(load()).rejects.toMatchObject({
      code: 'data-damaged',
      message: expect.stringMatching(/remove the dataset and fetch or import it again/),
      details: { file: file(name) },
    });
  });

  it('but one of a newer studio says unsupported', async () => {
    await storeDataset(folder.path, images());
    const path = file('manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version": 1', '"version": 2'));
    expect(existsSync(path)).toBe(true);
    await expect(load()).rejects.toMatchObject({ code: 'unsupported' });
  });
});
