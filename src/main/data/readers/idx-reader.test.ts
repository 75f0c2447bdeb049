import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { openStream, type RandomStream } from '../../../shared/random/stream.ts';
import { decodeIdx, readIdxFile } from './idx-reader.ts';

/** An idx file of unsigned bytes made by hand; pixel i is i modulo 251. */
function makeIdx(shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, side) => product * side, 1);
  const bytes = Buffer.alloc(4 + 4 * shape.length + count);
  bytes[2] = 0x08;
  bytes[3] = shape.length;
  shape.forEach((side, axis) => bytes.writeUInt32BE(side, 4 + 4 * axis));
  for (let i = 0; i < count; i++) bytes[4 + 4 * shape.length + i] = i % 251;
  return bytes;
}

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StudioError);
    expect((thrown as StudioError).code).toBe('data-damaged');
    return (thrown as StudioError).message;
  }
  throw new Error('nothing was thrown');
}

const images = makeIdx([5, 4, 3]);

describe('decodeIdx', () => {
  it.each([
    ['plain', images],
    ['gzip', gzipSync(images)],
  ])('reads a %s file', (_, bytes) => {
    const array = decodeIdx(bytes, 'images.idx');
    expect(array.shape).toEqual([5, 4, 3]);
    expect([...array.values]).toEqual(Array.from({ length: 60 }, (_unused, i) => i % 251));
    expect(array.values.buffer.byteLength).toBe(60);
  });

  it.each([
    [
      'cut off',
      images.subarray(0, 50),
      'says 5 images of 4x3 (76 bytes) but the file has 50; the download was cut off',
    ],
    ['cut off in its header', images.subarray(0, 9), 'ends inside its header (9 of 16 bytes)'],
    ['empty', images.subarray(0, 0), 'has 0 bytes and an idx header has at least 4'],
    [
      'longer than it says',
      Buffer.concat([images, Buffer.of(1)]),
      'but the file has 77; it has bytes after its end',
    ],
    ['of another kind', Buffer.from('\x89PNG\r\n\x1a\n'), 'begins with the bytes c289504e'],
    ['of floats', Buffer.of(0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0), 'holds elements of type 0x0d'],
    ['of rank 9', Buffer.of(0, 0, 8, 9, 0, 0, 0, 1), 'says it has 9 dimensions'],
    ['of no images', makeIdx([0, 28, 28]), 'that is nothing'],
    [
      'of 2^96 pixels',
      Buffer.concat([Buffer.of(0, 0, 8, 3), Buffer.alloc(12, 0xff)]),
      'at most 2147483647 are read',
    ],
    ['gzip cut off', gzipSync(images).subarray(0, 40), 'ends in the middle of its gzip data'],
    ['gzip damaged', gzipSync(images).fill(0x55, 14, 30), 'has gzip data that cannot be unpacked'],
    [
      'gzip of a shorter file',
      gzipSync(images.subarray(0, 70)),
      'but the file has 70; the download was cut off',
    ],
    ['gzip of a longer file', gzipSync(Buffer.concat([images, images])), 'unpacks to more than the 76 bytes'],
  ])('refuses a file that is %s, and says so', (_, bytes, expected) => {
    const message = messageOf(() => decodeIdx(bytes, 'images.idx'));
    expect(message).toContain('idx reader: images.idx ');
    expect(message).toContain(expected);
    expect(message).toMatch(/; .+/);
  });

  it('stops a gzip bomb after the size its header says', () => {
    const bomb = gzipSync(Buffer.concat([makeIdx([10]), Buffer.alloc(256 * 1024 * 1024)]));
    const before = process.memoryUsage().arrayBuffers;
    expect(messageOf(() => decodeIdx(bomb, 'bomb.gz'))).toContain('unpacks to more than the 18 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('takes no memory for what a header only claims', () => {
    const claim = Buffer.concat([Buffer.of(0, 0, 8, 1, 0x7f, 0, 0, 0), Buffer.alloc(10)]);
    const before = process.memoryUsage().arrayBuffers;
    expect(messageOf(() => decodeIdx(claim, 'claim.idx'))).toContain('but the file has 18');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});

/** Damages a copy: flips, cuts, extends or overwrites bytes, in one to three places. */
function mutate(bytes: Uint8Array, stream: RandomStream): Uint8Array {
  let copy = Buffer.from(bytes);
  for (let times = 1 + stream.nextInteger(3); times > 0; times--) {
    // Half of the damage goes to the header, where it does most.
    const reach = stream.nextInteger(2) === 0 ? Math.min(24, copy.length) : copy.length;
    const at = reach === 0 ? 0 : stream.nextInteger(reach);
    const kind = stream.nextInteger(4);
    if (kind === 0) copy = copy.subarray(0, at);
    else if (kind === 1)
      copy = Buffer.concat([copy, Buffer.alloc(1 + stream.nextInteger(64), stream.nextWord())]);
    else if (at < copy.length)
      copy[at] = kind === 2 ? stream.nextWord() : copy[at]! ^ (1 << stream.nextInteger(8));
  }
  return copy;
}

describe('decodeIdx on damaged files', () => {
  it.each([
    ['plain', makeIdx([20, 7, 7])],
    ['gzip', gzipSync(makeIdx([20, 7, 7]))],
    ['random', Buffer.alloc(0)],
  ])('gives a valid array or a typed error for 2,000 mutated %s files', (kind, original) => {
    const stream = openStream(7, 'search', `idx-${kind}`);
    const limits = { maximumBytes: 1_000_000 };
    let refused = 0;
    for (let round = 0; round < 2_000; round++) {
      const start =
        kind === 'random'
          ? Buffer.from(Array.from({ length: 40 }, () => stream.nextWord() & 0xff))
          : original;
      const bytes = mutate(start, stream);
      try {
        const { shape, values } = decodeIdx(bytes, 'mutated', limits);
        expect(values.length).toBe(shape.reduce((product, side) => product * side, 1));
        expect(values.length).toBeLessThan(limits.maximumBytes);
      } catch (thrown) {
        if (!(thrown instanceof StudioError)) throw thrown;
        expect(thrown.code).toBe('data-damaged');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});

describe('readIdxFile', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'idx-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads plain and gzip files to the same array', async () => {
    await writeFile(join(directory, 'a.idx'), images);
    await writeFile(join(directory, 'a.idx.gz'), gzipSync(images));
    const plain = await readIdxFile(join(directory, 'a.idx'));
    expect(plain).toEqual(await readIdxFile(join(directory, 'a.idx.gz')));
    expect(plain.shape).toEqual([5, 4, 3]);
  });

  it('names the file that is cut off or missing', async () => {
    await writeFile(join(directory, 'cut.idx'), images.subarray(0, 30));
    await expect(readIdxFile(join(directory, 'cut.idx'))).rejects.toThrow(
      'idx reader: cut.idx says 5 images of 4x3 (76 bytes) but the file has 30; the download was cut off, fetch it again',
    );
    await expect(readIdxFile(join(directory, 'none.idx'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses a file over the limit before reading it', async () => {
    await writeFile(join(directory, 'big.gz'), Buffer.concat([Buffer.of(0x1f, 0x8b), Buffer.alloc(5_000)]));
    await expect(readIdxFile(join(directory, 'big.gz'), { maximumBytes: 1_000 })).rejects.toThrow(
      'has 5002 bytes and at most 1000 are read',
    );
  });
});
