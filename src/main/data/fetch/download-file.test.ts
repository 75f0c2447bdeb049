import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../dataset-test-kit.ts';
import { downloadFile, type DownloadOptions, type RemoteFile } from './download-file.ts';
import { startFileServer, type FileServer } from './file-server-test-kit.ts';

const bytes = Uint8Array.from({ length: 10_500 }, (_, i) => (i * 31) % 256);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let folder: ReturnType<typeof temporaryFolder>;
let server: FileServer;
let path = '';
let reported: number[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder.path, 'below', 'file.gz');
  reported = [];
  server = await startFileServer();
  server.files.set('/file', bytes);
});
afterEach(async () => {
  await server.close();
  folder.remove();
});

const remote = (change: Partial<RemoteFile> = {}): RemoteFile => ({
  name: 'file.gz',
  address: `${server.address}/file`,
  sizeBytes: bytes.length,
  sha256,
  ...change,
});

function download(change: Partial<RemoteFile> = {}, options: Partial<DownloadOptions> = {}): Promise<void> {
  return downloadFile(path, remote(change), {
    signal: new AbortController().signal,
    onBytes: (count) => reported.push(count),
    retryMs: [1, 1],
    ...options,
  });
}

const arrived = (): Uint8Array => new Uint8Array(readFileSync(path));

describe('downloadFile', () => {
  it('fetches the bytes as they lie on the server, and tells how many there are', async () => {
    await download();
    expect(arrived()).toEqual(bytes);
    expect(server.asked).toEqual(['']);
    expect(reported.at(0)).toBe(0);
    expect(reported.at(-1)).toBe(bytes.length);
    expect([...reported].sort((a, b) => a - b)).toEqual(reported);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('follows a redirect', async () => {
    await download({ address: `${server.address}/moved` });
    expect(arrived()).toEqual(bytes);
  });

  it('goes on by itself after breaks, from the byte where each came', async () => {
    server.mood.breakAfterBytes = 4_000;
    await download();
    expect(arrived()).toEqual(bytes);
    expect(server.asked[0]).toBe('');
    expect(server.asked.length).toBeGreaterThan(2);
    for (const range of server.asked.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('keeps what has come when cancelled, and goes on from there the next time', async () => {
    server.mood.pauseMs = 5;
    const controller = new AbortController();
    const cancelled = download(
      {},
      { signal: controller.signal, onBytes: (count) => count > 3_000 && controller.abort() },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const kept = readFileSync(`${path}.part`);
    expect(kept.length).toBeGreaterThan(3_000);
    expect(kept.length).toBeLessThan(bytes.length);
    await download();
    expect(server.asked).toEqual(['', `bytes=${kept.length}-`]);
    expect(arrived()).toEqual(bytes);
  });

  it('begins anew where the server sends the whole file again', async () => {
    server.mood.breakAfterBytes = 4_000;
    await expect(download({}, { retryMs: [] })).rejects.toMatchObject({ code: 'not-found' });
    server.mood.breakAfterBytes = null;
    server.mood.ignoresRanges = true;
    await download();
    expect(arrived()).toEqual(bytes);
  });

  it('begins anew where what is here is longer than the file', async () => {
    await download();
    writeFileSync(`${path}.part`, Buffer.alloc(bytes.length + 1));
    const other = join(folder.path, 'other');
    writeFileSync(`${other}.part`, Buffer.alloc(bytes.length + 1));
    await downloadFile(other, remote(), { signal: new AbortController().signal, onBytes: () => undefined });
    expect(new Uint8Array(readFileSync(other))).toEqual(bytes);
  });

  it('does not fetch again what is here', async () => {
    await download();
    await download();
    expect(server.asked).toHaveLength(1);
  });

  it('refuses and removes other bytes than expected', async () => {
    await expect(download({ sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'data-damaged',
      message: expect.stringMatching(/sha256/),
    });
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });

  it('refuses a longer file before it fills the disk', async () => {
    await expect(download({ sizeBytes: 5_000 })).rejects.toThrow(/has 10500 bytes, expected 5000/);
    server.mood.hidesLength = true;
    await expect(download({ sizeBytes: 5_000 })).rejects.toThrow(/more than the 5000 bytes/);
  });

  it('gives up on a shorter file after some attempts', async () => {
    server.mood.hidesLength = true;
    await expect(download({ sizeBytes: 20_000 })).rejects.toMatchObject({ code: 'data-damaged' });
    expect(server.asked.length).toBeLessThan(12);
  });

  it.each([404, 403, 500])('tells of status %i', async (status) => {
    server.mood.status = status;
    await expect(download()).rejects.toMatchObject({ code: 'not-found', details: { status } });
  });

  it('tells of a server that cannot be reached', async () => {
    await server.close();
    await expect(download()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/cannot be reached.*what has come is kept/),
    });
  });
});
