import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintExamples } from './fingerprint.ts';
import { findMnistDirectory, joinMnist, loadMnist } from './mnist.ts';

const names = { images: 'images', labels: 'labels' };

describe('loadMnist', () => {
  it('loads the 60,000 and 10,000 published images with their labels', async () => {
    const { train, test } = await loadMnist();
    expect(train.features.shape).toEqual([60_000, 28, 28, 1]);
    expect(test.features.shape).toEqual([10_000, 28, 28, 1]);
    // LeCun's page: the test labels begin 7 2 1 0 4; class counts of the training set are published.
    expect([...test.targets[0]!.slice(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    const counts = new Array<number>(10).fill(0);
    for (const label of train.targets[0]!) counts[label]!++;
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  });

  it('takes the fingerprint that the arrays have', async () => {
    const { train, test, sha256 } = await loadMnist();
    expect(sha256).toBe(fingerprintExamples([train, test]));
  });

  it('keeps the pixels as the file has them', async () => {
    const { test } = await loadMnist();
    const file = readFileSync(join(findMnistDirectory() ?? '', 't10k-images-idx3-ubyte'));
    const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(test.features.values as Uint8Array)).toBe(sha256(file.subarray(16)));
  });

  it('says what to do where the package is missing', async () => {
    await expect(loadMnist(null)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('joinMnist', () => {
  const images = { shape: [3, 28, 28], values: new Uint8Array(3 * 784) };

  it('refuses labels that do not match the images', () => {
    const labels = { shape: [4], values: Uint8Array.of(1, 2, 3, 4) };
    expect(() => joinMnist(images, labels, names)).toThrow(/labels holds an array of 4, expected 3 labels/);
  });

  it('refuses images of another size', () => {
    const small = { shape: [3, 16, 16], values: new Uint8Array(3 * 256) };
    const labels = { shape: [3], values: Uint8Array.of(1, 2, 3) };
    expect(() => joinMnist(small, labels, names)).toThrow(/3x16x16, expected images of 28x28/);
  });

  it('refuses a label that is no digit and names its row', () => {
    const labels = { shape: [3], values: Uint8Array.of(1, 10, 3) };
    expect(() => joinMnist(images, labels, names)).toThrow(/label 10 at row 1/);
  });
});
