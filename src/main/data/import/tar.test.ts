import { describe, expect, it } from 'vitest';
import { fuzzReader } from '../readers/reader-test-kit.ts';
import { tarEnd, tarEntry } from './import-test-kit.ts';
import { readTar, type TarLimits } from './tar.ts';

const limits: TarLimits = { maximumFiles: 10, maximumBytes: 10_000 };

/** The bytes in pieces of a length that fits no block. */
async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array, undefined> {
  for (let start = 0; start < bytes.length; start += length) {
    yield await Promise.resolve(bytes.subarray(start, start + length));
  }
  return undefined;
}

const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

function read(archive: Uint8Array, wanted = /.*/, change: Partial<TarLimits> = {}, pieceLength = 700) {
  return readTar(inPieces(archive, pieceLength), 'a.tar', (name) => wanted.test(name), {
    ...limits,
    ...change,
  });
}

/** Makes the checksum of every header that can be found fit again. */
function repairChecksums(archive: Buffer): Buffer {
  for (let at = archive.indexOf('ustar'); at >= 257; at = archive.indexOf('ustar', at + 1)) {
    const header = archive.subarray(at - 257, at + 255);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return archive;
}

describe('readTar', () => {
  it('survives 10,000 damaged archives', async () => {
    const original = Buffer.concat([
      tarEntry('a.bin', content(300)),
      tarEntry('b.bin', content(900)),
      tarEnd,
    ]);
    const counts = await fuzzReader({
      originals: [original],
      headerBytes: 512,
      read: (bytes) => read(bytes, /\.bin$/, { maximumBytes: 5_000 }),
      check: (files) => {
        const sizeBytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
        expect(sizeBytes).toBeLessThanOrEqual(5_000);
      },
      repair: repairChecksums,
      memoryBytes: 2 ** 24,
    });
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(500);
  });

  it.each([1, 511, 512, 513, 100_000])('takes the wanted files out of pieces of %i bytes', async (length) => {
    const archive = Buffer.concat([
      tarEntry('data/', new Uint8Array(0), (header) => header.write('5', 156)),
      tarEntry('data/one.bin', content(1_000)),
      tarEntry('data/readme.html', content(700)),
      tarEntry('data/two.bin', content(512)),
      tarEntry('data/empty.bin', content(0)),
      tarEnd,
    ]);
    const files = await read(archive, /\.bin$/, {}, length);
    expect(files.map(({ name, bytes }) => [name, bytes.length])).toEqual([
      ['data/one.bin', 1_000],
      ['data/two.bin', 512],
      ['data/empty.bin', 0],
    ]);
    expect([...files[0]!.bytes]).toEqual([...content(1_000)]);
  });

  it('joins the prefix of a long path', async () => {
    const entry = tarEntry('last.bin', content(3), (header) => header.write('a/long/way', 345));
    const [file] = await read(Buffer.concat([entry, tarEnd]));
    expect(file?.name).toBe('a/long/way/last.bin');
  });

  it('never leaves out the limits', async () => {
    const archive = Buffer.concat([tarEntry('a', content(600)), tarEntry('b', content(600)), tarEnd]);
    await expect(read(archive, /.*/, { maximumBytes: 1_100 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(read(archive, /.*/, { maximumFiles: 1 })).rejects.toMatchObject({ code: 'invalid-input' });
    // A size no disk holds must be refused before memory is taken for it.
    const boast = tarEntry('a', content(1), (header) => header.write('77777777777', 124));
    await expect(read(boast)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it.each([
    ['cut in a file', Buffer.from(tarEntry('a', content(900)).subarray(0, 1_000))],
    ['cut in a header', Buffer.from(tarEntry('a', content(900)).subarray(0, 300))],
    ['without its end', Buffer.from(tarEntry('a', content(900)))],
    ['with letters as size', Buffer.from(tarEntry('a', content(9), (header) => header.write('size', 124)))],
    ['of noise', Buffer.from(content(2_048))],
  ])('says data-damaged of an archive %s', async (_, archive) => {
    await expect(read(archive)).rejects.toMatchObject({ code: 'data-damaged' });
  });

  it('says data-damaged of a header whose checksum does not fit', async () => {
    const archive = Buffer.concat([tarEntry('a', content(9)), tarEnd]);
    archive[0]! ^= 1;
    await expect(read(archive)).rejects.toThrow(/checksum/);
  });
});
