import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StudioError } from '../../shared/ipc/errors.ts';
import { runSeed } from '../../shared/schema/run.ts';
import type { StateTensor } from '../engine/engine.ts';
import { plateauState } from './schedules/index.ts';

/** Where a run stands between two calls, besides the tensors. */
export const trainingPosition = z.strictObject({
  seed: runSeed,
  /** Whole epochs done. */
  epoch: z.int().nonnegative(),
  /** Examples of the next epoch already taken; where its order goes on. */
  examplesTaken: z.int().nonnegative(),
  /** Training steps from the start of the run. */
  step: z.int().nonnegative(),
  /** Sums of the running epoch's metrics. */
  sums: z.array(z.number()),
  best: z.strictObject({ epoch: z.int().positive(), step: z.int().positive(), value: z.number() }).nullable(),
  /** What reduce-on-plateau has seen; null for other schedules, and in files of version 1, which knew none. */
  plateau: plateauState.nullable().default(null),
  /** Time spent so far, without pauses: of the run, and of the running epoch. */
  durationMs: z.number().nonnegative(),
  epochMs: z.number().nonnegative(),
  /** Numbers come from seed, stream and counter, so that the seed and the position say where every stream stands. */
  generator: z.literal('philox4x32-10'),
});
export type TrainingPosition = z.infer<typeof trainingPosition>;

const checkpointHeader = z.strictObject({
  position: trainingPosition,
  tensors: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(['parameter', 'buffer', 'slot']),
      shape: z.array(z.int().nonnegative()),
    }),
  ),
});

/** A run that can go on exactly from here. */
export interface Checkpoint {
  readonly position: TrainingPosition;
  readonly state: readonly StateTensor[];
}

/*
 * Layout, little-endian: magic (8 bytes), version (uint32), header length (uint32), header (JSON, padded with spaces to
 * 4 bytes), float32 values of the tensors in the header's order, sha256 of all before it (32 bytes).
 */
const MAGIC = Buffer.from('EPOCHCKP', 'latin1');
const VERSION = 2;
const READABLE_VERSIONS: readonly number[] = [1, VERSION];
const PREFIX_BYTES = MAGIC.length + 8;
const DIGEST_BYTES = 32;

function sha256(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function encodeHeader(checkpoint: Checkpoint): Buffer {
  const tensors = checkpoint.state.map(({ name, role, shape }) => ({ name, role, shape: [...shape] }));
  const json = Buffer.from(JSON.stringify({ position: checkpoint.position, tensors }), 'utf8');
  return Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, ' ')]);
}

/** The parts of a checkpoint file in order; the tensors' values are shared, not copied. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array[] {
  const header = encodeHeader(checkpoint);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(VERSION, MAGIC.length);
  prefix.writeUInt32LE(header.length, MAGIC.length + 4);
  const parts = [prefix, header, ...checkpoint.state.map(({ values }) => bytesOf(values))];
  return [...parts, sha256(parts)];
}

type Refuse = (found: string) => never;

function readHeader(file: Buffer, refuse: Refuse): z.infer<typeof checkpointHeader> {
  const headerBytes = file.readUInt32LE(MAGIC.length + 4);
  if (PREFIX_BYTES + headerBytes + DIGEST_BYTES > file.length) refuse('it is cut off within its header');
  const text = file.toString('utf8', PREFIX_BYTES, PREFIX_BYTES + headerBytes);
  try {
    return checkpointHeader.parse(JSON.parse(text));
  } catch {
    return refuse('its header is not valid');
  }
}

function checkPrefix(file: Buffer, refuse: Refuse): void {
  if (file.length < PREFIX_BYTES + DIGEST_BYTES) refuse(`it has only ${file.length} bytes`);
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) refuse('it is not a checkpoint file');
  const version = file.readUInt32LE(MAGIC.length);
  if (READABLE_VERSIONS.includes(version)) return;
  throw new StudioError(
    'unsupported',
    `checkpoint: format version ${version} found, this program reads ${READABLE_VERSIONS.join(' and ')}; open it with a newer version`,
    { version },
  );
}

function checkDigest(file: Buffer, refuse: Refuse): void {
  const end = file.length - DIGEST_BYTES;
  if (!sha256([file.subarray(0, end)]).equals(file.subarray(end))) refuse('its checksum does not match');
}

function readTensors(
  file: Buffer,
  header: z.infer<typeof checkpointHeader>,
  start: number,
  refuse: Refuse,
): StateTensor[] {
  const counts = header.tensors.map(({ shape }) => shape.reduce((product, side) => product * side, 1));
  const payloadBytes = 4 * counts.reduce((sum, count) => sum + count, 0);
  const foundBytes = file.length - DIGEST_BYTES - start;
  if (payloadBytes !== foundBytes) {
    refuse(`it has ${foundBytes} bytes of values, expected ${payloadBytes}`);
  }
  let offset = start;
  return header.tensors.map((tensor, i) => {
    const end = offset + 4 * counts[i]!;
    // Copied, because a view would have to begin at a multiple of 4 of the buffer beneath.
    const values = new Float32Array(Uint8Array.from(file.subarray(offset, end)).buffer);
    offset = end;
    return { ...tensor, values };
  });
}

/**
 * Reads a checkpoint; every byte is covered by its checksum.
 * @param name of the file, for messages
 * @throws StudioError `data-damaged` for a file that is cut off, changed or no checkpoint, `unsupported` for another
 * format version
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const refuse: Refuse = (found) => {
    throw new StudioError(
      'data-damaged',
      `checkpoint ${name}: ${found}; resume from an earlier checkpoint or start the run anew`,
      { file: name },
    );
  };
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkPrefix(file, refuse);
  checkDigest(file, refuse);
  const header = readHeader(file, refuse);
  const start = PREFIX_BYTES + file.readUInt32LE(MAGIC.length + 4);
  return { position: header.position, state: readTensors(file, header, start, refuse) };
}
