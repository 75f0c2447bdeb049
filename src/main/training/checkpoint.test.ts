import fc from 'fast-check';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { CheckpointFiles } from './checkpoint-files.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';

const float = fc.double({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat({ max: 1_000_000 });

const tensor = fc
  .record({
    name: fc.string({ unit: 'grapheme' }),
    role: fc.constantFrom('parameter' as const, 'buffer' as const, 'slot' as const),
    shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
  })
  .chain((head) => {
    const size = head.shape.reduce((product, side) => product * side, 1);
    // Any 32 bits, infinities and not-a-numbers among them.
    return fc
      .array(fc.nat({ max: 0xffff_ffff }), { minLength: size, maxLength: size })
      .map((words) => ({ ...head, values: new Float32Array(Uint32Array.from(words).buffer) }));
  });

const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  position: fc.record({
    seed: fc.nat({ max: 0xffff_ffff }),
    epoch: count,
    examplesTaken: count,
    step: count,
    sums: fc.array(float, { maxLength: 4 }),
    best: fc.option(
      fc.record({ epoch: count.map((n) => n + 1), step: count.map((n) => n + 1), value: float }),
    ),
    plateau: fc.option(
      fc.record({ best: fc.option(float), sinceEpoch: count, learningRate: float.map(Math.abs) }),
    ),
    durationMs: float.map(Math.abs),
    epochMs: float.map(Math.abs),
    generator: fc.constant('philox4x32-10' as const),
  }),
  state: fc.array(tensor, { maxLength: 4 }),
});

function bitsOf({ state }: Checkpoint): unknown {
  return state.map((entry) => ({
    ...entry,
    shape: [...entry.shape],
    values: [...new Uint32Array(entry.values.slice().buffer)],
  }));
}

const sample: Checkpoint = {
  position: {
    seed: 1,
    epoch: 2,
    examplesTaken: 96,
    step: 31,
    sums: [0.1 + 0.2, 12],
    best: { epoch: 1, step: 14, value: 0.25 },
    plateau: { best: 0.5, sinceEpoch: 1, learningRate: 0.05 },
    durationMs: 1234.5,
    epochMs: 17,
    generator: 'philox4x32-10',
  },
  state: [{ name: 'd/weight', role: 'parameter', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
};
/** The same but for its sums, as the first version of the program wrote it. */
const VERSION_1 =
  'RVBPQ0hDS1ABAAAA+AAAAHsicG9zaXRpb24iOnsic2VlZCI6MSwiZXBvY2giOjIsImV4YW1wbGVzVGFrZW4iOjk2LCJzdGVwIjoz' +
  'MSwic3VtcyI6WzAuMjUsMTJdLCJiZXN0Ijp7ImVwb2NoIjoxLCJzdGVwIjoxNCwidmFsdWUiOjAuMjV9LCJkdXJhdGlvbk1zIjox' +
  'MjM0LjUsImVwb2NoTXMiOjE3LCJnZW5lcmF0b3IiOiJwaGlsb3g0eDMyLTEwIn0sInRlbnNvcnMiOlt7Im5hbWUiOiJkL3dlaWdo' +
  'dCIsInJvbGUiOiJwYXJhbWV0ZXIiLCJzaGFwZSI6WzIsM119XX0gAACAPwAAAEAAAEBAAACAQAAAoEAAAMBAWRDoEG41w+ANbaRU' +
  'Dg3hLWRyb+NThUR5bSYO1msbS9I=';
const encoded = (value: Checkpoint): Buffer => Buffer.concat(encodeCheckpoint(value));

function failureOf(bytes: Uint8Array): StudioError {
  try {
    decodeCheckpoint(bytes, 'x.checkpoint');
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

describe('a checkpoint', () => {
  it('comes back as it was, to the bit', () => {
    fc.assert(
      fc.property(checkpoint, (written) => {
        const read = decodeCheckpoint(encoded(written), 'x');
        // JSON knows no negative zero; nothing here depends on its sign.
        const plain = JSON.parse(JSON.stringify(written.position)) as unknown;
        expect(read.position).toEqual(plain);
        expect(bitsOf(read)).toEqual(bitsOf(written));
      }),
    );
  });

  it('is refused with a typed error after any change of a byte', () => {
    const file = encoded(sample);
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(file);
        damaged[at]! ^= change;
        expect(['data-damaged', 'unsupported']).toContain(failureOf(damaged).code);
      }),
      { numRuns: 400 },
    );
  });

  it('is refused when cut off anywhere or continued', () => {
    const file = encoded(sample);
    for (let length = 0; length < file.length; length++) {
      expect(failureOf(file.subarray(0, length)).code).toBe('data-damaged');
    }
    expect(failureOf(Buffer.concat([file, Buffer.from('x')])).code).toBe('data-damaged');
  });

  it('is refused with a version it does not know, naming both', () => {
    const file = encoded(sample);
    file.writeUInt32LE(7, 8);
    const error = failureOf(file);
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('version 7 found, this program reads 1 and 2');
  });

  it('of version 1 is read, with nothing seen of a plateau', () => {
    const position = { ...sample.position, sums: [0.25, 12], plateau: null };
    expect(decodeCheckpoint(Buffer.from(VERSION_1, 'base64'), 'old')).toEqual({ ...sample, position });
  });

  it('says what it found when it is another file', () => {
    const error = failureOf(Buffer.from('PK'.padEnd(200, 'x')));
    expect(error.message).toBe(
      'checkpoint x.checkpoint: it is not a checkpoint file; resume from an earlier checkpoint or start the run anew',
    );
  });
});

describe('checkpoint files', () => {
  let directory: string;
  let files: CheckpointFiles;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'checkpoints-'));
    files = new CheckpointFiles(directory, 'run0123456789');
  });

  it('are named in the artifact as they lie on the disk', async () => {
    const artifact = await files.write(files.epochPath(3), sample);
    expect(artifact.path).toBe('runs/run0123456789/epoch-000003.checkpoint');
    const bytes = await readFile(join(directory, artifact.path));
    expect(bytes.length).toBe(artifact.sizeBytes);
    expect(await readdir(join(directory, 'runs/run0123456789'))).toEqual(['epoch-000003.checkpoint']);
    expect(await files.read(artifact.path, artifact.sha256)).toEqual(sample);
  });

  it('are refused when they are not the file the history names', async () => {
    const first = await files.write(files.epochPath(1), sample);
    await files.write(files.epochPath(1), { ...sample, position: { ...sample.position, epoch: 9 } });
    await expect(files.read(first.path, first.sha256)).rejects.toMatchObject({ code: 'data-damaged' });
  });

  it('are refused when missing or damaged', async () => {
    await expect(files.read(files.epochPath(8))).rejects.toMatchObject({ code: 'not-found' });
    const artifact = await files.write(files.epochPath(1), sample);
    await writeFile(join(directory, artifact.path), 'nothing of use');
    await expect(files.read(artifact.path)).rejects.toMatchObject({ code: 'data-damaged' });
  });
});
