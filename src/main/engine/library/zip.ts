import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { StudioError } from '../../../shared/ipc/errors.ts';

/**
 * Reads members of a zip archive (PKWARE APPNOTE 6.3.10) without unpacking the rest. Node's built-ins inflate; a
 * wheel is a plain zip below 4 GiB, so zip64 is not needed.
 */

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const PIECE_BYTES = 1 << 20;
const STORED = 0;
const DEFLATED = 8;

/** One file within an archive. */
export interface ZipMember {
  readonly path: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

function damaged(file: string, found: string, expected: string): StudioError {
  return new StudioError(
    'library-damaged',
    `Archive ${file}: found ${found}, expected ${expected}; fetch or copy the file again.`,
    { file, found, expected },
  );
}

async function readAt(handle: FileHandle, offset: number, sizeBytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sizeBytes), 0, sizeBytes, offset);
  return buffer.subarray(0, bytesRead);
}

/** The end record stands at the end, before a comment of unknown length. */
async function findDirectory(handle: FileHandle, file: string): Promise<Buffer> {
  const { size } = await handle.stat();
  const tailBytes = Math.min(size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = await readAt(handle, size - tailBytes, tailBytes);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const directory = await readAt(handle, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
    if (directory.length === tail.readUInt32LE(at + 12)) return directory;
  }
  throw damaged(file, `${size} bytes without a zip directory`, 'a whole zip archive');
}

async function openArchive(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    throw new StudioError(
      'not-found',
      `Archive ${file}: it could not be opened (${(error as Error).message}); choose TensorFlow's wheel or a zip ` +
        'with both libraries.',
      { file },
      { cause: error },
    );
  }
}

/**
 * Lists an archive's files.
 * @throws StudioError `not-found` when it cannot be opened, `library-damaged` when it is no whole zip
 */
export async function listZip(file: string): Promise<ZipMember[]> {
  const handle = await openArchive(file);
  try {
    const directory = await findDirectory(handle, file);
    const members: ZipMember[] = [];
    for (let at = 0; at + CENTRAL_BYTES <= directory.length;) {
      if (directory.readUInt32LE(at) !== CENTRAL_SIGNATURE)
        throw damaged(file, 'a broken directory', 'a whole one');
      const nameBytes = directory.readUInt16LE(at + 28);
      members.push({
        path: directory.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes),
        method: directory.readUInt16LE(at + 10),
        packedBytes: directory.readUInt32LE(at + 20),
        sizeBytes: directory.readUInt32LE(at + 24),
        headerOffset: directory.readUInt32LE(at + 42),
      });
      at += CENTRAL_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return members;
  } finally {
    await handle.close();
  }
}

/** First and last byte of a member's data: behind its local header, whose lengths are its own. */
async function dataRange(file: string, member: ZipMember): Promise<{ start: number; end: number }> {
  const handle = await open(file);
  try {
    const header = await readAt(handle, member.headerOffset, LOCAL_BYTES);
    if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL_SIGNATURE) {
      throw damaged(file, `no header for ${member.path}`, 'one where the directory says');
    }
    const start = member.headerOffset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    return { start, end: start + member.packedBytes - 1 };
  } finally {
    await handle.close();
  }
}

/** Counts and hashes what flows through. */
function meter(onBytes: (count: number) => void) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ sizeBytes, sha256: hash.digest('hex') }) };
}

/**
 * Unpacks one member into a new file, fsynced; streams, so memory stays small.
 * @param onBytes told of each piece written
 * @returns what was written
 * @throws StudioError `library-damaged` for a broken archive, `disk-full`; what `signal` aborts with
 */
export async function extractMember(
  file: string,
  member: ZipMember,
  target: string,
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  if (member.method !== STORED && member.method !== DEFLATED) {
    throw damaged(file, `compression method ${member.method} for ${member.path}`, 'stored or deflated');
  }
  const { start, end } = await dataRange(file, member);
  const { stream, result } = meter(onBytes);
  const input = createReadStream(file, { start, end, highWaterMark: PIECE_BYTES });
  const inflate = member.method === DEFLATED ? [createInflateRaw({ chunkSize: PIECE_BYTES })] : [];
  const sink = createWriteStream(target, { flags: 'wx', flush: true });
  try {
    await pipeline([input, ...inflate, stream, sink], { signal });
    return result();
  } catch (error) {
    throw describe(error, file, member);
  }
}

function describe(error: unknown, file: string, member: ZipMember, signal?: AbortSignal): unknown {
  if (signal?.aborted)
    return new StudioError('cancelled', 'Library install: cancelled; nothing was changed.');
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC') {
    return new StudioError(
      'disk-full',
      `Library install: no room on the disk for ${member.path} (${member.sizeBytes} bytes); free some and install again.`,
    );
  }
  return code.startsWith('Z_') ? damaged(file, `broken data of ${member.path}`, 'whole data') : error;
}
