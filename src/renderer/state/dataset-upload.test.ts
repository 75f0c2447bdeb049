import { describe, expect, it } from 'vitest';
import { uploadFiles, type UploadState } from './dataset-upload.ts';
import { createFakeClient } from './testing/fake-client.ts';

const CHUNK = 2 * 1024 * 1024;

interface Sent {
  readonly name: string;
  readonly upload: string | null;
  readonly bytes: Uint8Array;
}

/** A studio that keeps uploads under /uploads, one folder each. */
function studio() {
  const fake = createFakeClient({
    'datasets.upload': ({ name, upload }: Sent) => ({
      upload: upload ?? 'u-1',
      path: `/uploads/${upload ?? 'u-1'}/${name}`,
    }),
  });
  return { ...fake, sent: () => fake.calls.map((call) => call.params as Sent) };
}

const file = (path: string, content: BlobPart) => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? ''),
});
const open = () => new AbortController().signal;
const quiet = () => undefined;

describe('handing files over', () => {
  it('sends a large file in pieces that together are the file', async () => {
    const { client, sent } = studio();
    const bytes = Uint8Array.from({ length: CHUNK + 5 }, (_, i) => i % 251);
    const states: UploadState[] = [];
    const paths = await uploadFiles(client, [file('a.npy', bytes)], {
      signal: open(),
      onProgress: (state) => states.push(state),
    });
    expect(paths).toEqual(['/uploads/u-1/a.npy']);
    expect(sent().map((call) => call.bytes.length)).toEqual([CHUNK, 5]);
    expect(sent().map((call) => call.upload)).toEqual([null, 'u-1']);
    expect([...sent()[1]!.bytes]).toEqual([...bytes.subarray(CHUNK)]);
    expect(states).toEqual([
      { doneBytes: CHUNK, totalBytes: CHUNK + 5 },
      { doneBytes: CHUNK + 5, totalBytes: CHUNK + 5 },
    ]);
  });

  it('puts files side by side into one upload and names each', async () => {
    const { client } = studio();
    const files = [file('images', 'x'), file('labels', '')];
    expect(await uploadFiles(client, files, { signal: open(), onProgress: quiet })).toEqual([
      '/uploads/u-1/images',
      '/uploads/u-1/labels',
    ]);
  });

  it('names a dropped folder once, whatever is in it', async () => {
    const { client, sent } = studio();
    const files = [file('pets/cats/1.png', 'c'), file('pets/dogs/1.png', 'd')];
    expect(await uploadFiles(client, files, { signal: open(), onProgress: quiet })).toEqual([
      '/uploads/u-1/pets',
    ]);
    expect(sent().map((call) => call.name)).toEqual(['pets/cats/1.png', 'pets/dogs/1.png']);
  });

  it('refuses nothing, and a folder beside others, before it sends any', async () => {
    const { client, calls } = studio();
    for (const files of [[], [file('pets/1.png', 'c'), file('table.csv', 'd')]])
      await expect(uploadFiles(client, files, { signal: open(), onProgress: quiet })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    expect(calls).toEqual([]);
  });

  it('stops between two pieces when it is cancelled', async () => {
    const { client, calls } = studio();
    const abort = new AbortController();
    const sending = uploadFiles(client, [file('a', 'x'), file('b', 'y')], {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(sending).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toHaveLength(1);
  });
});
