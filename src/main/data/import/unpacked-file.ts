import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readFileBounded } from '../readers/files.ts';
import { isGzip } from '../readers/gzip.ts';

const gunzipAsync = promisify(gunzip);

/**
 * A file's bytes, unpacked in the background where it is gzip, so that the event loop stays free. Data that cannot be
 * unpacked within the limit is returned as it is: the reader that gets it says what is wrong with it.
 * @param maximumBytes packed and unpacked
 * @throws StudioError `not-found`, `data-damaged`, or `invalid-input` over the limit
 */
export async function readUnpacked(path: string, maximumBytes: number, reader: string): Promise<Uint8Array> {
  const bytes = await readFileBounded(path, maximumBytes, { reader, name: basename(path) });
  if (!isGzip(bytes)) return bytes;
  return gunzipAsync(bytes, { maxOutputLength: maximumBytes }).catch(() => bytes);
}
