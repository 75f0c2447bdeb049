import { describe, expect, it } from 'vitest';
import type { ExportedFile } from '../../shared/schema/figure.ts';
import { importText, RunArchives } from './run-archives.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';

const file: ExportedFile = { name: 'runs.zip', mediaType: 'application/zip', bytes: Uint8Array.of(1, 2) };

describe('archives of runs', () => {
  it('are saved with the runs chosen', async () => {
    const saved: string[] = [];
    const fake = createFakeClient({ 'runs.exportArchive': () => ({ file, sizeBytes: 2 }) });
    const archives = new RunArchives(fake.client, ({ name }) => void saved.push(name));
    const done = archives.export(['run0000001']);
    expect(archives.busy).toBe('export');
    await done;
    expect([saved, archives.busy]).toEqual([['runs.zip'], null]);
    expect(fake.calls[0]?.params).toEqual({ runIds: ['run0000001'] });
  });

  it('are saved with a study', async () => {
    const fake = createFakeClient({ 'runs.exportArchive': () => ({ file, sizeBytes: 2 }) });
    await new RunArchives(fake.client, () => undefined).exportStudy('sstudy0000a');
    expect(fake.calls[0]?.params).toEqual({ studyIds: ['sstudy0000a'] });
  });

  it('are handed over in pieces and taken in', async () => {
    const fake = createFakeClient({
      'datasets.upload': () => ({ upload: 'u1', path: '/tmp/u1/runs.zip' }),
      'runs.importArchive': () => ({ runIds: ['a', 'b'], studyIds: ['s'], skipped: ['c'] }),
    });
    const archives = new RunArchives(fake.client);
    const imported = await archives.import(new File([new Uint8Array(3_000_000)], 'runs.zip'));
    expect(fake.calls.map(({ name }) => name)).toEqual([
      'datasets.upload',
      'datasets.upload',
      'runs.importArchive',
    ]);
    expect(fake.calls.at(-1)?.params).toEqual({ path: '/tmp/u1/runs.zip' });
    expect(imported).toEqual({ runs: 2, studies: 1, skipped: 1 });
    expect(archives.share).toBe(1);
  });

  it('end their waiting when a call fails', async () => {
    const archives = new RunArchives(createFakeClient({}).client);
    await expect(archives.export(['run0000001'])).rejects.toThrow('answers no runs.exportArchive');
    expect(archives.busy).toBeNull();
  });

  it('say what came in', () => {
    expect(importText({ runs: 1, studies: 0, skipped: 0 })).toBe('1 run imported');
    expect(importText({ runs: 3, studies: 0, skipped: 2 })).toBe('3 runs imported, 2 were here already');
    expect(importText({ runs: 1, studies: 2, skipped: 0 })).toBe('2 studies and 1 run imported');
    expect(importText({ runs: 0, studies: 1, skipped: 1 })).toBe('1 study imported, 1 was here already');
    expect(importText({ runs: 0, studies: 0, skipped: 2 })).toBe('Nothing new: 2 were here already');
    expect(importText({ runs: 0, studies: 0, skipped: 0 })).toBe('The archive is empty');
  });
});
