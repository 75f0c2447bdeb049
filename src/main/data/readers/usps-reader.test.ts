import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorOf, fuzzReader, sharedFile } from './reader-test-kit.ts';
import { parseUsps, readUspsFile } from './usps-reader.ts';

/** Lines as zip.train has them: pixel i of row n is ((i + n) mod 5 - 2) / 2. */
function makeText(labels: readonly number[]): string {
  return labels
    .map((label, row) => {
      const pixels = Array.from({ length: 256 }, (_, i) => ((((i + row) % 5) - 2) / 2).toFixed(4));
      return `${label.toFixed(4)} ${pixels.join(' ')} \n`;
    })
    .join('');
}

const text = makeText([6, 5, 0]);
const bytesOf = (content: string) => Buffer.from(content, 'latin1');
const reject = (content: string) => errorOf(() => parseUsps(bytesOf(content), 'zip.train'));

describe('parseUsps', () => {
  it.each([
    ['plain', bytesOf(text)],
    ['gzip', gzipSync(text)],
    ['with Windows line ends and blank lines', bytesOf(`\r\n${text.replaceAll('\n', '\r\n')}\r\n`)],
  ])('reads labels and values as written, %s', (_, bytes) => {
    const { shape, values, labels } = parseUsps(bytes, 'zip.train');
    expect(shape).toEqual([3, 16, 16, 1]);
    expect([...labels]).toEqual([6, 5, 0]);
    expect([...values.subarray(0, 6)]).toEqual([-1, -0.5, 0, 0.5, 1, -1]);
    expect([...values.subarray(512, 515)]).toEqual([0, 0.5, 1]);
  });

  it('keeps values to float32', () => {
    const { values } = parseUsps(bytesOf(text.replace('-1.0000', '-0.6310')), 'zip.train');
    expect(values[0]).toBe(Math.fround(-0.631));
  });

  it.each([
    ['a short line', text.trimEnd().slice(0, -7), 'has 256 values in line 3, and 257 are expected'],
    ['a label that is no digit', text.replace('6.0000', '16'), 'has the label "16" in line 1'],
    ['a label between digits', text.replace('5.0000', '5.5'), 'has the label "5.5" in line 2'],
    ['a pixel above 1', text.replace(' 0.5000', ' 1.5000'), 'has "1.5000" as pixel 3 of line 1'],
    ['a pixel that is no number', text.replace(' 0.5000', ' 0x1'), 'has "0x1" as pixel 3 of line 1'],
    ['an infinite pixel', text.replace(' 0.5000', ' Infinity'), 'has "Infinity" as pixel 3'],
    ['nothing', ' \n\n', 'has no line with a digit'],
    ['one endless line', '1 '.repeat(5_000), 'has 10000 characters in line 1'],
  ])('refuses %s', async (_, content, expected) => {
    const error = await reject(content);
    expect(error.code).toBe('data-damaged');
    expect(error.message).toContain(`usps reader: zip.train ${expected}`);
  });

  it('refuses more than its limits', async () => {
    const limits = { maximumBytes: 1e6, maximumImages: 2 };
    const error = await errorOf(() => parseUsps(bytesOf(text), 'zip.train', limits));
    expect(error).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('has more than 2 images'),
    });
  });

  it('survives 10,000 mutated files', async () => {
    const small = makeText([6, 5]);
    const counts = await fuzzReader({
      originals: [bytesOf(small), gzipSync(small)],
      headerBytes: 40,
      memoryBytes: 16 * 2 ** 20,
      read: (bytes) => parseUsps(bytes, 'mutated', { maximumBytes: 100_000, maximumImages: 10 }),
      check: ({ shape, values, labels }) => {
        expect(values.length).toBe(shape[0] * 256);
        expect(values.every((value) => value >= -1 && value <= 1)).toBe(true);
        expect(labels.every((label) => label >= 0 && label <= 9)).toBe(true);
        expect(labels.length).toBe(shape[0]);
      },
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});

const published = { train: sharedFile('usps/zip.train.gz'), test: sharedFile('usps/zip.test.gz') };

describe.skipIf(published.train === null || published.test === null)('the published digits', () => {
  it.each([
    ['train', 7291, [1194, 1005, 731, 658, 652, 556, 664, 645, 542, 644]],
    ['test', 2007, [359, 264, 198, 166, 200, 160, 170, 147, 166, 177]],
  ] as const)('have the class counts of zip.info in %s', async (part, count, perClass) => {
    const { shape, labels } = await readUspsFile(published[part] ?? '');
    expect(shape).toEqual([count, 16, 16, 1]);
    expect(perClass.map((_, digit) => labels.filter((label) => label === digit).length)).toEqual(perClass);
  });
});
