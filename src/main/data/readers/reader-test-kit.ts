import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect } from 'vitest';
import { StudioError } from '../../../shared/ipc/errors.ts';

const root = join(import.meta.dirname, '../../../..');

/** A file that `test/fixtures/readers/make_fixtures.py` has written. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(root, 'test/fixtures/readers', name)));
}

/** A real data file beside the repository, null where the folder is not on this machine. */
export function sharedFile(path: string): string | null {
  const file = join(root, '../shared/data', path);
  return existsSync(file) ? file : null;
}

/** The expected error that `read` throws. */
export async function errorOf(read: () => unknown): Promise<StudioError> {
  try {
    await read();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StudioError);
    return thrown as StudioError;
  }
  throw new Error('nothing was thrown');
}

/** One kind of damage; `place` and `length` are shares of the file, so that it fits files of any length. */
interface Damage {
  readonly kind: 'flip' | 'set' | 'word' | 'cut' | 'insert' | 'repeat' | 'remove';
  readonly inHeader: boolean;
  readonly place: number;
  readonly value: number;
  readonly length: number;
}

/** Values at the edges of what fields of one, two and four bytes can say. */
const EDGES = [
  0, 1, 0x0a, 0x22, 0x2c, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
];

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom<Damage['kind'][]>('flip', 'set', 'word', 'cut', 'insert', 'repeat', 'remove'),
  inHeader: fc.boolean(),
  place: share,
  value: fc.oneof(fc.constantFrom(...EDGES), fc.nat({ max: 0xffffffff })),
  length: share,
});

function withWord(bytes: Buffer, at: number, value: number): Buffer {
  if (at + 4 > bytes.length) return bytes;
  if (value % 2 === 0) bytes.writeUInt32LE(value, at);
  else bytes.writeUInt32BE(value, at);
  return bytes;
}

function applyDamage(
  bytes: Buffer,
  { kind, inHeader, place, value, length }: Damage,
  headerBytes: number,
): Buffer {
  const reach = inHeader ? Math.min(headerBytes, bytes.length) : bytes.length;
  const at = Math.floor(place * reach);
  const end = Math.min(bytes.length, at + 1 + Math.floor(length * Math.min(64, reach)));
  const range = bytes.subarray(at, end);
  switch (kind) {
    case 'flip':
      if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << (value & 7));
      return bytes;
    case 'set':
      if (at < bytes.length) bytes[at] = value & 0xff;
      return bytes;
    case 'word':
      return withWord(bytes, at, value);
    case 'cut':
      return bytes.subarray(0, at);
    case 'insert':
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(range.length, value & 0xff),
        bytes.subarray(at),
      ]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, end), range, bytes.subarray(end)]);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
  }
}

/** What a reader must survive. */
export interface FuzzPlan<Result> {
  /** Small whole files; each run damages one of them. */
  readonly originals: readonly Uint8Array[];
  /** Bytes from the begin of a file where half of the damage goes, since it does most there. */
  readonly headerBytes: number;
  readonly read: (bytes: Uint8Array) => Result | Promise<Result>;
  /** Fails where a result breaks what the reader promises. */
  readonly check: (result: Result) => void;
  /** Makes checksums right again in half of the runs, so that the damage gets past them. */
  readonly repair?: (bytes: Buffer) => Buffer;
  /** Most memory that one run may take, in bytes, above what its limits allow the result. */
  readonly memoryBytes: number;
}

const RUNS = 10_000;
const LONGEST_RUN_MS = 5_000;
const CODES = ['data-damaged', 'invalid-input', 'unsupported'];

function memoryInUse(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

async function readDamaged<Result>(plan: FuzzPlan<Result>, bytes: Uint8Array): Promise<'read' | 'refused'> {
  const before = memoryInUse();
  const startMs = performance.now();
  try {
    const result = await plan.read(bytes);
    plan.check(result);
    return 'read';
  } catch (thrown) {
    if (!(thrown instanceof StudioError)) throw thrown;
    if (!CODES.includes(thrown.code)) throw new Error(`code ${thrown.code}`, { cause: thrown });
    return 'refused';
  } finally {
    // Rubbish may have been collected in between, which only makes the difference smaller.
    expect(memoryInUse() - before).toBeLessThan(plan.memoryBytes);
    expect(performance.now() - startMs).toBeLessThan(LONGEST_RUN_MS);
  }
}

/**
 * Reads 10,000 damaged files and expects of each a sound result or a typed error, in bounded time and memory. On failure
 * fast-check prints its seed and the smallest damage that fails.
 * @returns how many files were read and how many refused
 */
export async function fuzzReader<Result>(plan: FuzzPlan<Result>): Promise<{ read: number; refused: number }> {
  const counts = { read: 0, refused: 0 };
  const property = fc.asyncProperty(
    fc.nat({ max: plan.originals.length - 1 }),
    fc.array(damage, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    async (index, damages, repaired) => {
      let bytes = Buffer.from(plan.originals[index]!);
      for (const one of damages) bytes = Buffer.from(applyDamage(bytes, one, plan.headerBytes));
      if (repaired && plan.repair !== undefined) bytes = Buffer.from(plan.repair(bytes));
      counts[await readDamaged(plan, bytes)]++;
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  return counts;
}

/** Makes the checksums of every PNG chunk that can be found fit again. */
export function repairPngChunks(bytes: Buffer): Buffer {
  for (const type of ['IHDR', 'PLTE', 'IDAT', 'IEND']) {
    for (let at = bytes.indexOf(type, 4); at >= 4; at = bytes.indexOf(type, at + 1)) {
      const end = at + 4 + bytes.readUInt32BE(at - 4);
      if (end + 4 <= bytes.length) bytes.writeUInt32BE(crc32(bytes.subarray(at, end)), end);
    }
  }
  return bytes;
}
