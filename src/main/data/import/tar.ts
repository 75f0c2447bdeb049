import { StudioError } from '../../../shared/ipc/errors.ts';

const BLOCK_BYTES = 512;

/** Most that is taken out of an archive into memory. */
export interface TarLimits {
  readonly maximumFiles: number;
  /** Of all files taken together. */
  readonly maximumBytes: number;
}

/** A plain file of an archive. */
export interface TarFile {
  /** Its path in the archive. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

function damaged(archive: string, found: string): StudioError {
  return new StudioError('data-damaged', `tar reader: ${archive} ${found}; fetch it again`, {
    file: archive,
  });
}

function fieldText(header: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(header.subarray(start, start + length));
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function octal(header: Uint8Array, start: number, length: number, archive: string): number {
  const text = fieldText(header, start, length).trim();
  if (!/^[0-7]{1,11}$/.test(text)) throw damaged(archive, 'has a header whose numbers cannot be read');
  return parseInt(text, 8);
}

/** The sum of a header's bytes, its own sum's field counted as blanks. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, place) => sum + (place >= 148 && place < 156 ? 0x20 : byte), 0);
}

/** What a header (POSIX.1-1988 ustar) says; null for the block of zeros that ends an archive. */
function parseHeader(
  header: Uint8Array,
  archive: string,
): { name: string; sizeBytes: number; isFile: boolean } | null {
  if (header.every((byte) => byte === 0)) return null;
  if (checksum(header) !== octal(header, 148, 8, archive)) {
    throw damaged(archive, 'has a header that does not fit its checksum');
  }
  const prefix = fieldText(header, 257, 5) === 'ustar' ? fieldText(header, 345, 155) : '';
  const name = fieldText(header, 0, 100);
  const type = header[156];
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes: octal(header, 124, 12, archive),
    isFile: type === 0 || type === 0x30,
  };
}

/** Hands out a stream's bytes in lengths asked for. */
class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array, undefined>;
  readonly #archive: string;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array, undefined>, archive: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#archive = archive;
  }

  /** Gives the next `length` bytes to `receive` piece by piece. @throws StudioError where the stream ends before */
  async take(length: number, receive: (piece: Uint8Array, offset: number) => void): Promise<void> {
    for (let offset = 0; offset < length;) {
      if (this.#rest.length === 0) await this.#refill();
      const piece = this.#rest.subarray(0, length - offset);
      receive(piece, offset);
      this.#rest = this.#rest.subarray(piece.length);
      offset += piece.length;
    }
  }

  async #refill(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw damaged(this.#archive, 'ends in the middle');
    this.#rest = next.value;
  }
}

/**
 * Takes chosen files out of a tar archive as it streams by; everything else is passed over.
 * @param archive what the messages call it
 * @param isWanted by path in the archive
 * @throws StudioError `data-damaged` for a broken archive, `invalid-input` over a limit
 */
export async function readTar(
  stream: AsyncIterable<Uint8Array, undefined>,
  archive: string,
  isWanted: (name: string) => boolean,
  limits: TarLimits,
): Promise<TarFile[]> {
  const queue = new ByteQueue(stream, archive);
  const header = new Uint8Array(BLOCK_BYTES);
  const files: TarFile[] = [];
  let bytesLeft = limits.maximumBytes;
  for (;;) {
    await queue.take(BLOCK_BYTES, (piece, offset) => header.set(piece, offset));
    const entry = parseHeader(header, archive);
    if (entry === null) return files;
    const { name, sizeBytes } = entry;
    const padding = (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
    if (!entry.isFile || !isWanted(name)) {
      await queue.take(sizeBytes + padding, () => undefined);
      continue;
    }
    bytesLeft -= sizeBytes;
    if (bytesLeft < 0 || files.length === limits.maximumFiles) throw overLimit(archive, limits);
    const bytes = new Uint8Array(sizeBytes);
    await queue.take(sizeBytes, (piece, offset) => bytes.set(piece, offset));
    await queue.take(padding, () => undefined);
    files.push({ name, bytes });
  }
}

function overLimit(archive: string, { maximumFiles, maximumBytes }: TarLimits): StudioError {
  return new StudioError(
    'invalid-input',
    `tar reader: ${archive} holds more than ${maximumFiles} files or ${maximumBytes} bytes, which is the most that is read; unpack it and choose fewer files`,
    { file: archive, maximumFiles, maximumBytes },
  );
}
