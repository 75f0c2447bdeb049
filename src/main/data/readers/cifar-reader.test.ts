import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cifar10Classes, parseCifar10, readCifar10Files } from './cifar-reader.ts';
import { errorOf, fuzzReader, sharedFile } from './reader-test-kit.ts';

/** A batch made by hand: byte `i` of plane `p` of image `n` is (n + 7p + i) mod 256, its label n mod 10. */
function makeBatch(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let image = 0; image < count; image++) {
    bytes[image * 3073] = image % 10;
    for (let at = 0; at < 3072; at++) {
      bytes[image * 3073 + 1 + at] = image + 7 * Math.floor(at / 1024) + (at % 1024);
    }
  }
  return bytes;
}

const batch = makeBatch(3);

describe('parseCifar10', () => {
  it.each([
    ['plain', batch],
    ['gzip', gzipSync(batch)],
  ])('turns the planes of a %s file into pixels', (_, bytes) => {
    const { shape, values, labels } = parseCifar10(bytes, 'batch.bin');
    expect(shape).toEqual([3, 32, 32, 3]);
    expect([...labels]).toEqual([0, 1, 2]);
    // Image 2, row 5, column 9: pixel 169 of each plane.
    const at = ((2 * 32 + 5) * 32 + 9) * 3;
    expect([...values.subarray(at, at + 3)]).toEqual([171, 178, 185]);
    expect(values.buffer.byteLength).toBe(3 * 3072);
  });

  it.each([
    ['empty', batch.subarray(0, 0), 'is empty, and records of 3073 bytes'],
    ['cut off', batch.subarray(0, 5000), 'has 5000 bytes, and records of 3073 bytes'],
    ['of CIFAR-100', Uint8Array.from(batch).fill(11, 0, 1), 'has label 11 at row 0, and 0 to 9 are expected'],
  ])('refuses a file that is %s', async (_, bytes, expected) => {
    const error = await errorOf(() => parseCifar10(bytes, 'batch.bin'));
    expect(error.code).toBe('data-damaged');
    expect(error.message).toContain(`cifar reader: batch.bin ${expected}`);
  });

  it('refuses more than its limits', async () => {
    const limits = { maximumBytes: 3 * 3073, maximumImages: 2 };
    const many = await errorOf(() => parseCifar10(batch, 'batch.bin', limits));
    expect(many).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('has 3 images, and at most 2'),
    });
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    const large = await errorOf(() => parseCifar10(bomb, 'bomb.gz', { ...limits, maximumBytes: 1e6 }));
    expect(large.message).toContain('unpacks to more bytes, and at most 1000000 are read');
  });

  it('survives 10,000 mutated files', async () => {
    const counts = await fuzzReader({
      originals: [makeBatch(2), gzipSync(makeBatch(2)), makeBatch(1)],
      headerBytes: 24,
      memoryBytes: 8 * 2 ** 20,
      read: (bytes) => parseCifar10(bytes, 'mutated', { maximumBytes: 100_000, maximumImages: 30 }),
      check: ({ shape, values, labels }) => {
        expect(values.length).toBe(shape[0] * 3072);
        expect(labels.length).toBe(shape[0]);
        expect(labels.every((label) => label < 10)).toBe(true);
        expect(shape[0]).toBeLessThanOrEqual(30);
      },
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});

describe('readCifar10Files', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cifar-'));
    await writeFile(join(directory, 'a.bin'), makeBatch(2));
    await writeFile(join(directory, 'b.bin.gz'), gzipSync(makeBatch(3)));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('joins batches in the order given', async () => {
    const { shape, values, labels } = await readCifar10Files(
      ['a.bin', 'b.bin.gz'].map((name) => join(directory, name)),
    );
    expect(shape).toEqual([5, 32, 32, 3]);
    expect([...labels]).toEqual([0, 1, 0, 1, 2]);
    expect(values.subarray(2 * 3072)).toEqual(parseCifar10(makeBatch(3), 'b').values);
  });

  it('counts the images of all files against the limit', async () => {
    const paths = [join(directory, 'a.bin'), join(directory, 'b.bin.gz')];
    const error = await errorOf(() => readCifar10Files(paths, { maximumBytes: 1e6, maximumImages: 4 }));
    expect(error.message).toContain('b.bin.gz has 3 images, and at most 2 are read');
  });

  it('says what is missing', async () => {
    expect((await errorOf(() => readCifar10Files([join(directory, 'none.bin')]))).code).toBe('not-found');
    expect((await errorOf(() => readCifar10Files([directory]))).message).toContain('is not a file');
    expect((await errorOf(() => readCifar10Files([]))).code).toBe('invalid-input');
  });
});

const testBatch = sharedFile('cifar-10/test_batch.bin.gz');

describe.skipIf(testBatch === null)('the published test batch', () => {
  it('has 1,000 images of each class', async () => {
    const { shape, labels } = await readCifar10Files([testBatch ?? '']);
    expect(shape).toEqual([10_000, 32, 32, 3]);
    const counts = cifar10Classes.map((_, label) => labels.filter((value) => value === label).length);
    expect(counts).toEqual(new Array(10).fill(1_000));
    // The dataset's page shows the first test images: a cat, two ships, an aeroplane, a frog.
    expect([...labels.subarray(0, 5)].map((label) => cifar10Classes[label])).toEqual([
      'cat',
      'ship',
      'ship',
      'airplane',
      'frog',
    ]);
  });
});
