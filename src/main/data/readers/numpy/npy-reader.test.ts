import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorOf, fixture, fuzzReader } from '../reader-test-kit.ts';
import { parseNpy, type NpyArray } from './npy-reader.ts';

const count = Array.from({ length: 24 }, (_, i) => i);

/** The formulas of make_fixtures.py. */
const formulas = {
  bytes: count.map((i) => (i * 37) % 251),
  small: count.map((i) => i - 12),
  unsigned16: count.map((i) => i * 2_500),
  signed16: count.map((i) => (i - 12) * 2_500),
  unsigned32: count.map((i) => i * 80_000_000),
  signed32: count.map((i) => (i - 12) * 100_000_000),
  single: count.map((i) => Math.fround(i / 7)),
  double: count.map((i) => i / 7),
  thirds: count.map((i) => (i % 3 === 0 ? 1 : 0)),
};

function read(name: string): NpyArray {
  return parseNpy(fixture(`${name}.npy`), `${name}.npy`);
}

describe('parseNpy', () => {
  it.each([
    ['u1', [2, 3, 4], Uint8Array, formulas.bytes],
    ['u1-fortran', [4, 6], Uint8Array, formulas.bytes],
    ['i1', [4, 6], Int8Array, formulas.small],
    ['u2', [24], Int32Array, formulas.unsigned16],
    ['i2', [2, 12], Int16Array, formulas.signed16],
    ['i4', [24], Int32Array, formulas.signed32],
    ['i4-big', [2, 3, 4], Int32Array, formulas.signed32],
    ['i8', [24], Int32Array, formulas.signed32],
    ['u4', [24], Int32Array, formulas.unsigned32],
    ['u8', [24], Int32Array, formulas.unsigned32],
    ['f4', [2, 3, 4], Float32Array, formulas.single],
    ['f4-big', [24], Float32Array, formulas.single],
    ['f8', [24], Float64Array, formulas.double],
    ['f8-big-fortran', [2, 3, 4], Float64Array, formulas.double],
    ['b1', [2, 12], Uint8Array, formulas.thirds],
    ['version-2', [2, 3, 4], Float32Array, formulas.single],
    ['version-3', [2, 3, 4], Float32Array, formulas.single],
    ['scalar', [], Float64Array, [2.5]],
    ['empty', [0, 3], Float32Array, []],
  ])('reads %s as NumPy wrote it', (name, shape, type, values) => {
    const array = read(name);
    expect(array.shape).toEqual(shape);
    expect(array.values).toBeInstanceOf(type);
    expect([...array.values]).toEqual(values);
    expect(array.values.buffer.byteLength).toBe(array.values.byteLength);
  });

  it('reads a gzip file, and bytes that begin anywhere in their buffer', () => {
    const plain = fixture('f8.npy');
    const shifted = new Uint8Array(plain.length + 3).subarray(3);
    shifted.set(plain);
    expect(parseNpy(gzipSync(plain), 'f8.npy.gz')).toEqual(read('f8'));
    expect(parseNpy(shifted, 'f8.npy')).toEqual(read('f8'));
  });

  it.each([
    ['f2', 'holds elements of type "<f2"'],
    ['c8', 'holds elements of type "<c8"'],
    ['text', 'holds elements of type "<U3"'],
    ['objects', 'Python objects, which could run code'],
    ['records', 'holds records of several fields'],
    ['i8-too-large', 'holds 2147483648 at element 1 of i8'],
  ])('does not read %s, and says how to save it', async (name, expected) => {
    const error = await errorOf(() => read(name));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain(expected);
    expect(error.message).toMatch(/save it as /);
  });

  const f4 = fixture('f4.npy');
  const edited = (from: string, to: string) =>
    Buffer.from(Buffer.from(f4).toString('latin1').replace(from, to), 'latin1');

  it.each([
    ['of another kind', Buffer.from('PK\x03\x04 and more'), 'begins with the bytes 504b0304'],
    ['empty', Buffer.alloc(0), 'begins with the bytes (none)'],
    ['cut off in its length', f4.subarray(0, 9), 'ends inside its header'],
    ['cut off in its header', f4.subarray(0, 60), 'ends inside its header'],
    [
      'cut off',
      f4.subarray(0, -1),
      'says shape (2, 3, 4) of f4, that is 96 bytes, but has 95; it was cut off',
    ],
    ['too long', Buffer.concat([f4, Buffer.of(0)]), 'but has 97; it has bytes after its end'],
    ['of version 9', Uint8Array.from(f4).fill(9, 6, 7), 'has format version 9'],
    ['without a shape', edited("'shape'", "'shaqe'"), 'has no readable shape'],
    ['of a negative shape', edited('(2, 3, 4)', '(-2,3, 4)'), 'has the shape (-2,3, 4)'],
    ['of a huge shape', edited('(2, 3, 4)', '(999999,)'), 'that is 3999996 bytes, but has 96'],
    ['of no dictionary', edited('{', '['), 'has a header that is no dictionary'],
  ])('refuses a file that is %s', async (_, bytes, expected) => {
    const error = await errorOf(() => parseNpy(bytes, 'a.npy'));
    expect(error.code).toBe('data-damaged');
    expect(error.message).toContain('npy reader: a.npy ');
    expect(error.message).toContain(expected);
  });

  it('stops a gzip bomb at its limit', async () => {
    const bomb = gzipSync(Buffer.concat([f4, Buffer.alloc(64 * 2 ** 20)]));
    const error = await errorOf(() => parseNpy(bomb, 'bomb.npy', { maximumBytes: 100_000 }));
    expect(error.code).toBe('invalid-input');
  });

  it('survives 10,000 mutated files', async () => {
    const names = ['u1', 'i8', 'f4', 'f8-big-fortran', 'u1-fortran', 'b1', 'version-2'];
    const originals = names.map((name) => fixture(`${name}.npy`));
    const counts = await fuzzReader({
      originals: [...originals, gzipSync(fixture('f4.npy'))],
      headerBytes: 128,
      memoryBytes: 8 * 2 ** 20,
      read: (bytes) => parseNpy(bytes, 'mutated', { maximumBytes: 100_000 }),
      check: ({ shape, values }) => {
        expect(values.length).toBe(shape.reduce((product, side) => product * side, 1));
        expect(values.byteLength).toBeLessThan(100_000);
      },
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});
