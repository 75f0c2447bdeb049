import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { describeDiskFault } from '../atomic-file.ts';
import { ConnectionError, requestFile } from './http-source.ts';

/** A file at an official address. */
export interface RemoteFile {
  readonly name: string;
  readonly address: string;
  readonly sizeBytes: number;
  /** Null where none is known; size and content are checked then. */
  readonly sha256: string | null;
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes of the file that are on this machine, whenever there are more. */
  readonly onBytes: (bytes: number) => void;
  /** Waits before the attempts after a break that brought nothing new; tests give short ones. */
  readonly retryMs?: readonly number[];
}

const RETRY_MS = [500, 2_000, 5_000] as const;

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function damaged(file: RemoteFile, found: string): StudioError {
  return new StudioError(
    'data-damaged',
    `datasets: ${file.name} from ${file.address} ${found}; try again later, or import the file from elsewhere`,
    { address: file.address },
  );
}

/** The byte the answer begins at: where it was asked for, or 0 where the server sends the whole file. */
function startOf(response: IncomingMessage, asked: number, file: RemoteFile): number {
  const { statusCode, headers } = response;
  const length = headers['content-length'];
  if (statusCode === 200 && length !== undefined && Number(length) !== file.sizeBytes) {
    throw damaged(file, `has ${length} bytes, expected ${file.sizeBytes}`);
  }
  if (statusCode === 200) return 0;
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  if (statusCode === 206 && Number(start) === asked && Number(total) === file.sizeBytes) return asked;
  // 416: what is here is no beginning of what lies there.
  if (statusCode === 206 || statusCode === 416) return -1;
  throw new StudioError(
    'not-found',
    `datasets: ${file.address} answers with status ${statusCode}, expected the file; try again later, or import it from elsewhere`,
    { address: file.address, status: statusCode },
  );
}

/** Writes an answer's bytes behind the first `start` bytes of the file, at most up to its size. */
async function receive(
  response: IncomingMessage,
  path: string,
  start: number,
  file: RemoteFile,
  { signal, onBytes }: DownloadOptions,
): Promise<void> {
  const handle = await open(path, start === 0 ? 'w' : 'r+');
  let position = start;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      if (position + chunk.length > file.sizeBytes) {
        throw damaged(file, `has more than the ${file.sizeBytes} bytes expected`);
      }
      await handle.write(chunk, 0, chunk.length, position).catch((error: unknown) => {
        throw describeDiskFault(error, path);
      });
      position += chunk.length;
      onBytes(position);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof StudioError ? cause : new ConnectionError(String(cause), { cause });
  } finally {
    response.destroy();
    await handle.close();
  }
}

/**
 * One attempt to get the rest; what has come stays when it breaks off.
 * @returns false where what was here is no beginning of what lies there: it is removed
 */
async function attempt(part: string, file: RemoteFile, options: DownloadOptions): Promise<boolean> {
  const asked = await sizeOf(part);
  const response = await requestFile(file.address, asked, options.signal);
  try {
    const start = startOf(response, asked, file);
    if (start >= 0) await receive(response, part, start, file, options);
    else await rm(part, { force: true });
    return start >= 0;
  } finally {
    response.destroy();
  }
}

/** Attempts until all bytes are here; a break that brought something begins the waits anew. */
async function fetchBytes(part: string, file: RemoteFile, options: DownloadOptions): Promise<void> {
  const waits = options.retryMs ?? RETRY_MS;
  let restarts = 0;
  for (let failures = 0, before = await sizeOf(part); before < file.sizeBytes;) {
    try {
      if (!(await attempt(part, file, options))) restarts++;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (failures === waits.length) throw unreachable(file, error);
      await sleep(waits[failures], undefined, { signal: options.signal });
    }
    const now = await sizeOf(part);
    failures = now > before ? 0 : failures + 1;
    if (restarts > 1 || failures > waits.length) {
      throw damaged(file, `stops after ${Math.max(now, before)} of ${file.sizeBytes} bytes`);
    }
    before = now;
  }
}

function unreachable(file: RemoteFile, cause: ConnectionError): StudioError {
  return new StudioError(
    'not-found',
    `datasets: ${file.address} cannot be reached (${cause.message}); look at the network and start again, what has come is kept, or import the file`,
    { address: file.address },
    { cause },
  );
}

/**
 * Fetches a file to `path`, going on where an earlier attempt broke off (HTTP Range), and checks size and sha256. Until
 * it is whole its bytes are in `path` + ".part".
 * @throws StudioError `cancelled`, `not-found` where the server or the file cannot be reached, `data-damaged` for other
 * bytes than expected (they are removed), `disk-full`
 */
export async function downloadFile(path: string, file: RemoteFile, options: DownloadOptions): Promise<void> {
  if ((await sizeOf(path)) === file.sizeBytes) {
    options.onBytes(file.sizeBytes);
    return;
  }
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  if ((await sizeOf(part)) > file.sizeBytes) await rm(part);
  options.onBytes(await sizeOf(part));
  try {
    await fetchBytes(part, file, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    throw new StudioError(
      'cancelled',
      `datasets: fetching ${file.name} was cancelled; what has come is kept`,
    );
  }
  if (file.sha256 !== null && (await sha256Of(part)) !== file.sha256) {
    await rm(part);
    throw damaged(file, 'has other bytes than expected (sha256)');
  }
  await rename(part, path);
}
