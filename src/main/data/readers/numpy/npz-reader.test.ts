import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, fixture, fuzzReader } from '../reader-test-kit.ts';
import { parseNpz, readNpzFile } from './npz-reader.ts';

const stored = fixture('stored.npz');
const deflated = fixture('deflated.npz');
const images = Array.from({ length: 24 }, (_, i) => (i * 37) % 251);

interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  /** What the directory says, where it lies. */
  readonly sizeBytes?: number;
}

/** A zip archive by hand (PKWARE APPNOTE 4.3), for what NumPy would not write. */
function makeZip(members: readonly Member[]): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, method = 8, sizeBytes = data.length } of members) {
    const packed = method === 8 ? deflateRawSync(data) : data;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(sizeBytes, 18);
    fields.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

const u1 = fixture('u1.npy');

describe('parseNpz', () => {
  it.each([
    ['savez', stored],
    ['savez_compressed', deflated],
  ])('reads the arrays of %s by name', async (_, bytes) => {
    const arrays = await parseNpz(bytes, 'a.npz');
    expect([...arrays.keys()]).toEqual(['images', 'labels']);
    expect(arrays.get('images')).toEqual({ shape: [2, 3, 4], dtype: 'u1', values: Uint8Array.from(images) });
    expect(arrays.get('labels')).toEqual({ shape: [2], dtype: 'i8', values: Int32Array.of(0, 1) });
  });

  it("reads an archive made by hand like NumPy's", async () => {
    const arrays = await parseNpz(makeZip([{ name: 'x.npy', data: u1 }]), 'a.npz');
    expect([...(arrays.get('x')?.values ?? [])]).toEqual(images);
  });

  const damagedAt = (bytes: Uint8Array, at: number) => {
    const copy = Uint8Array.from(bytes);
    copy[at]! ^= 0x10;
    return copy;
  };

  it.each([
    ['no zip', u1, 'data-damaged', 'is no readable zip archive'],
    ['cut off', stored.subarray(0, -30), 'data-damaged', 'is no readable zip archive'],
    ['a flipped bit in the data', damagedAt(stored, 200), 'data-damaged', 'that does not fit its checksum'],
    [
      'another method',
      makeZip([{ name: 'x.npy', data: u1, method: 14 }]),
      'unsupported',
      'packed by method 14',
    ],
    ['a file that is no array', makeZip([{ name: 'a.txt', data: u1 }]), 'unsupported', 'holds a.txt'],
    ['no file', makeZip([]), 'data-damaged', 'holds no array'],
    [
      'a broken array',
      makeZip([{ name: 'x.npy', data: u1.subarray(0, 50) }]),
      'data-damaged',
      'a.npz/x.npy ends',
    ],
    [
      'more data than it says',
      makeZip([{ name: 'x.npy', data: Buffer.alloc(2 ** 24), sizeBytes: 1_000 }]),
      'data-damaged',
      'cannot be unpacked to 1000 bytes',
    ],
    [
      'a path out of the archive',
      makeZip([{ name: '../x.npy', data: u1 }]),
      'data-damaged',
      'has a broken zip directory',
    ],
  ])('refuses %s', async (_, bytes, code, expected) => {
    const error = await errorOf(() => parseNpz(bytes, 'a.npz'));
    expect(error.message).toContain(expected);
    expect(error.code).toBe(code);
  });

  it('adds up what the arrays unpack to before it unpacks one', async () => {
    const large = Array.from({ length: 8 }, (_, i) => ({ name: `${i}.npy`, data: Buffer.alloc(2 ** 20) }));
    const limits = { maximumBytes: 2 ** 22, maximumArrays: 20 };
    const error = await errorOf(() => parseNpz(makeZip(large), 'a.npz', limits));
    expect(error.message).toContain('unpacks to 8388608 bytes, and at most 4194304 are read');
    const many = await errorOf(() => parseNpz(makeZip(large), 'a.npz', { ...limits, maximumArrays: 7 }));
    expect(many.message).toContain('has 8 arrays, and at most 7 are read');
  });

  it('survives 10,000 mutated files', async () => {
    const labels = fixture('i4.npy');
    const byHand = makeZip([
      { name: 'a.npy', data: u1 },
      { name: 'b.npy', data: labels, method: 0 },
    ]);
    const counts = await fuzzReader({
      originals: [stored, deflated, byHand, makeZip([{ name: 'a.npy', data: u1 }])],
      headerBytes: 400,
      memoryBytes: 16 * 2 ** 20,
      read: (bytes) => parseNpz(bytes, 'mutated', { maximumBytes: 100_000, maximumArrays: 10 }),
      check: (arrays) => {
        for (const { shape, values } of arrays.values()) {
          expect(values.length).toBe(shape.reduce((product, side) => product * side, 1));
        }
        expect(arrays.size).toBeLessThanOrEqual(10);
      },
      repair: repairChecksums,
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});

/** Writes the checksum of stored data into the directory, so that damage to the arrays gets to the array reader. */
function repairChecksums(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (
    let at = copy.indexOf('PK\x01\x02', 0, 'latin1');
    at >= 0;
    at = copy.indexOf('PK\x01\x02', at + 1, 'latin1')
  ) {
    if (at + 46 > copy.length || copy.readUInt16LE(at + 10) !== 0) continue;
    const local = copy.readUInt32LE(at + 42);
    if (local + 30 > copy.length) continue;
    const start = local + 30 + copy.readUInt16LE(local + 26) + copy.readUInt16LE(local + 28);
    copy.writeUInt32LE(crc32(copy.subarray(start, start + copy.readUInt32LE(at + 20))), at + 16);
  }
  return copy;
}

describe('readNpzFile', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'npz-'));
    await writeFile(join(directory, 'a.npz'), deflated);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads a file, and says which is missing or too large', async () => {
    const path = join(directory, 'a.npz');
    expect((await readNpzFile(path)).size).toBe(2);
    const large = await errorOf(() => readNpzFile(path, { maximumBytes: 100, maximumArrays: 9 }));
    expect(large.message).toMatch(/a\.npz has \d+ bytes, and at most 100 are read/);
    expect((await errorOf(() => readNpzFile(`${path}x`))).code).toBe('not-found');
  });
});
