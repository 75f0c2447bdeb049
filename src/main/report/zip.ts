import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface ArchivedFile {
  /** With the folders it lies in, '/' between them. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** No clock: the same files make the same archive, byte for byte. */
const NO_TIME = new Date(1980, 0, 1);

/** The bytes of a zip while they are made, so that a large one need not be held. */
export function zipStream(files: Iterable<ArchivedFile> | AsyncIterable<ArchivedFile>): Readable {
  const zip = new ZipFile();
  const bytes = zip.outputStream.pipe(new PassThrough());
  fill(zip, files).catch((error: unknown) => bytes.destroy(error as Error));
  return bytes;
}

async function fill(
  zip: ZipFile,
  files: Iterable<ArchivedFile> | AsyncIterable<ArchivedFile>,
): Promise<void> {
  for await (const { name, bytes } of files) {
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, { mtime: NO_TIME });
  }
  zip.end();
}

/** A zip in memory. */
export async function zipFiles(
  files: Iterable<ArchivedFile> | AsyncIterable<ArchivedFile>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of zipStream(files)) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}
