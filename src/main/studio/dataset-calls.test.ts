import { encode } from 'fast-png';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contract } from '../../shared/ipc/contract.ts';
import type { DatasetProgress } from '../../shared/schema/catalogue.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { storeStandIns } from '../data/dataset-test-kit.ts';
import { startFileServer, type FileServer } from '../data/fetch/file-server-test-kit.ts';
import { uspsText, writeFile } from '../data/import/import-test-kit.ts';
import { officialDatasets, removeLeftovers, type OfficialDataset } from '../data/index.ts';
import { createDatasetService, type DatasetService } from './dataset-calls.ts';
import { DatasetUploads } from './dataset-uploads.ts';
import { LocalImporterHost } from './importer-test-kit.ts';
import { NoticeBoard } from './notice-board.ts';
import { EventLog, temporaryHome } from './studio-test-kit.ts';

let home: ReturnType<typeof temporaryHome>;
let events: EventLog;
let notices: NoticeBoard;
let service: DatasetService;
let host: LocalImporterHost;
let datasetDirectory = '';

function start(catalogue: readonly OfficialDataset[] = officialDatasets): DatasetService['calls'] {
  host = new LocalImporterHost();
  events = new EventLog();
  notices = new NoticeBoard(events.publish);
  service = createDatasetService({ datasetDirectory, host, publish: events.publish, notices, catalogue });
  return service.calls;
}

beforeEach(() => {
  home = temporaryHome();
  datasetDirectory = join(home.path, 'datasets');
});
afterEach(() => {
  service.close();
  home.remove();
});

const dataOf = (dataset: string, table: { features: string[]; target: string } | null = null) =>
  experiment.shape.data.parse({ dataset, table });

describe('the list', () => {
  it('has the studio’s own datasets, and a catalogue of what can be fetched or imported', async () => {
    const list = await start()['datasets.list']({});
    expect(contract['datasets.list'].result.parse(list)).toEqual(list);
    expect(list.datasets).toHaveLength(4);
    expect(list.catalogue.map(({ id, info }) => [id, info])).toEqual([
      ['fashion-mnist', null],
      ['usps', null],
      ['coloured-usps', null],
      ['cifar-10', null],
      ['ames-house-prices', null],
    ]);
  });

  it('says once of a damaged dataset what to do, and takes the notice away with the dataset', async () => {
    await storeStandIns(datasetDirectory);
    writeFile(join(datasetDirectory, 'usps'), 'manifest.json', '{}');
    const calls = start();
    for (let time = 0; time < 2; time++) {
      const { datasets } = await calls['datasets.list']({});
      expect(datasets.map(({ id }) => id)).not.toContain('usps');
    }
    expect(events.of('studio.notice')).toHaveLength(2);
    await calls['datasets.remove']({ id: 'usps' });
    expect(notices.has('dataset-usps')).toBe(false);
  });
});

describe('examples', () => {
  beforeEach(() => storeStandIns(datasetDirectory));

  it('of images come as bytes by row, with every target', async () => {
    const calls = start();
    const page = await calls['datasets.examples']({
      data: dataOf('coloured-usps'),
      part: 'test',
      rows: [7, 3],
    });
    expect(contract['datasets.examples'].result.parse(page)).toEqual(page);
    expect(page.shape).toEqual([16, 16, 3]);
    expect(page.values).toBeInstanceOf(Uint8Array);
    expect(page.values).toHaveLength(2 * 768);
    expect([...page.targets[0]!]).toEqual([7, 3]);
    expect(page.targets).toHaveLength(2);
  });

  it('of float images lie between the least and greatest value of the dataset, on every page alike', async () => {
    const calls = start();
    const page = (rows: number[]) =>
      calls['datasets.examples']({ data: dataOf('usps'), part: 'train', rows });
    const all = await page(Array.from({ length: 200 }, (_, row) => row));
    expect([Math.min(...all.values), Math.max(...all.values)]).toEqual([0, 255]);
    expect((await page([150])).values).toEqual(all.values.slice(150 * 256, 151 * 256));
  });

  it('of tables come as numbers, in the columns chosen', async () => {
    const calls = start();
    const data = dataOf('ames-house-prices', { features: ['GrLivArea', 'OverallQual'], target: 'SalePrice' });
    const page = await calls['datasets.examples']({ data, part: 'train', rows: [0] });
    expect(page.values).toBeInstanceOf(Float32Array);
    expect(page.values[0]).toBeGreaterThanOrEqual(500);
    expect(page.targets[0]).toBeInstanceOf(Float32Array);
  });

  it('that are not there are refused', async () => {
    const calls = start();
    const request = { data: dataOf('usps'), part: 'test', rows: [60] } as const;
    await expect(calls['datasets.examples']({ ...request, rows: [...request.rows] })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('are read anew after the dataset was removed and imported again', async () => {
    const calls = start();
    const request = { data: dataOf('usps'), part: 'train' as const, rows: [0] };
    await calls['datasets.examples'](request);
    await calls['datasets.remove']({ id: 'usps' });
    await expect(calls['datasets.examples'](request)).rejects.toMatchObject({ code: 'not-found' });
    const path = writeFile(
      home.path,
      'zip.train',
      uspsText(3, () => '1'),
    );
    await calls['datasets.import']({ paths: [path], columnTypes: {} });
    expect((await calls['datasets.examples'](request)).targets[0]).toHaveLength(1);
  });
});

describe('importing dropped files', () => {
  async function upload(calls: DatasetService['calls'], name: string, text: string): Promise<string> {
    let reply = { upload: null as string | null, path: '' };
    for (let start = 0; start < text.length; start += 1_000) {
      const bytes = new TextEncoder().encode(text.slice(start, start + 1_000));
      reply = await calls['datasets.upload']({ name, upload: reply.upload, bytes });
    }
    return reply.path;
  }

  it('takes them in pieces, stores the dataset, tells of it, and removes the pieces', async () => {
    const calls = start();
    const paths = [
      await upload(
        calls,
        'zip.train',
        uspsText(20, () => '0.5'),
      ),
      await upload(
        calls,
        'zip.test',
        uspsText(10, () => '-0.5'),
      ),
    ];
    expect(await calls['datasets.preview']({ paths, columnTypes: {} })).toMatchObject({
      catalogueId: 'usps',
    });
    const info = await calls['datasets.import']({ paths, columnTypes: {} });
    expect(info).toMatchObject({ id: 'usps', trainExamples: 20, testExamples: 10, available: true });
    expect(events.of('dataset.progress').map(({ phase }) => phase)).toEqual(['read', 'store', 'done']);
    expect(events.of('datasets.changed')).toHaveLength(1);
    expect(readdirSync(join(datasetDirectory, '.uploads'))).toEqual([]);
    expect(host.importers.map(({ ended }) => ended)).toEqual([true, true]);
  });

  it('says so where the process that reads them dies', async () => {
    const calls = start();
    const path = await upload(
      calls,
      'zip.train',
      uspsText(20, () => '0.5'),
    );
    const importing = calls['datasets.import']({ paths: [path], columnTypes: {} });
    host.importers[0]!.kill();
    await expect(importing).rejects.toMatchObject({
      code: 'process-lost',
      message: expect.stringMatching(/memory/),
    });
    expect(events.of('dataset.progress').at(-1)).toMatchObject({ phase: 'failed' });
  });

  it('tells how it failed and keeps the pieces for another try', async () => {
    const calls = start();
    const path = await upload(calls, 'broken.csv', 'a,b\n1,2\n3\n');
    await expect(calls['datasets.import']({ paths: [path], columnTypes: {} })).rejects.toMatchObject({
      code: 'data-damaged',
    });
    expect(events.of('dataset.progress').at(-1)).toMatchObject({ phase: 'failed' });
    expect(existsSync(path)).toBe(true);
  });

  it.each(['../../evil.csv', 'C:\\evil.csv', '..', '.hidden', 'a/b/evil.csv'])(
    'keeps a file named %s inside its folder',
    async (name) => {
      const { path } = await start()['datasets.upload']({ name, upload: null, bytes: new Uint8Array(3) });
      const [, inside = ''] = path.split(`${join(datasetDirectory, '.uploads')}/`);
      expect(inside).toMatch(/^[0-9a-f-]{36}(?:\/[^./\\][^/\\]*)+$/);
      expect(readFileSync(path)).toHaveLength(3);
    },
  );

  it('takes a folder of images file by file', async () => {
    const calls = start();
    let upload: string | null = null;
    let first = '';
    for (const name of ['pets/cats/1.png', 'pets/cats/2.png', 'pets/dogs/3.png']) {
      const data = new Uint8Array(4).fill(name.length);
      const bytes = new Uint8Array(encode({ width: 2, height: 2, data, channels: 1, depth: 8 }));
      const reply = await calls['datasets.upload']({ name, upload, bytes });
      upload = reply.upload;
      first ||= reply.path;
    }
    const pets = join(first, '..', '..');
    const info = await calls['datasets.import']({ paths: [pets], columnTypes: {} });
    expect(info).toMatchObject({ id: 'pets', classes: ['cats', 'dogs'], trainExamples: 3 });
    expect(readdirSync(join(datasetDirectory, '.uploads'))).toEqual([]);
  });

  it('refuses pieces of files that were not begun, and files over the limit', async () => {
    const calls = start();
    for (const name of ['../x', '0e3b6c1e-0000-4000-8000-000000000000']) {
      const stray = calls['datasets.upload']({ name: 'a.csv', upload: name, bytes: new Uint8Array(3) });
      await expect(stray).rejects.toMatchObject({ code: 'not-found' });
    }
    const uploads = new DatasetUploads(datasetDirectory, 10);
    const { upload, path } = await uploads.add('a.csv', null, new Uint8Array(8));
    await expect(uploads.add('a.csv', upload, new Uint8Array(3))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    expect(existsSync(path)).toBe(false);
  });

  it('forgets pieces after a day', async () => {
    const { path } = await start()['datasets.upload']({
      name: 'a.csv',
      upload: null,
      bytes: new Uint8Array(3),
    });
    await removeLeftovers(datasetDirectory);
    expect(existsSync(path)).toBe(true);
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1_000);
    utimesSync(join(path, '..'), twoDaysAgo, twoDaysAgo);
    await removeLeftovers(datasetDirectory);
    expect(existsSync(path)).toBe(false);
  });
});

describe('removing', () => {
  it.each([
    ['mnist', 'invalid-input'],
    ['circles', 'invalid-input'],
    ['coloured-usps', 'invalid-input'],
    ['nothing-here', 'not-found'],
  ])('refuses %s', async (id, code) => {
    await storeStandIns(datasetDirectory);
    await expect(start()['datasets.remove']({ id })).rejects.toMatchObject({ code });
  });
});

describe('fetching', () => {
  let server: FileServer;
  const texts = { 'zip.train': uspsText(20, () => '0.5'), 'zip.test': uspsText(10, () => '-0.5') };
  beforeEach(async () => {
    server = await startFileServer();
    for (const [name, text] of Object.entries(texts)) server.files.set(`/${name}`, Buffer.from(text));
  });
  afterEach(() => server.close());

  /** The catalogue with USPS at the test's own address. */
  function localCatalogue(): OfficialDataset[] {
    const files = Object.entries(texts).map(([name, text]) => {
      return { name, address: `${server.address}/${name}`, sizeBytes: text.length, sha256: null };
    });
    return officialDatasets.map((entry) => (entry.storedAs === 'usps' ? { ...entry, files } : entry));
  }

  async function ended(): Promise<DatasetProgress> {
    const phases = ['done', 'failed', 'cancelled'];
    await vi.waitFor(() => expect(phases).toContain(events.of('dataset.progress').at(-1)?.phase), 10_000);
    return events.of('dataset.progress').at(-1)!;
  }

  it('tells bytes, rate and phases, stores the dataset and removes what was fetched', async () => {
    server.mood.pauseMs = 30;
    const calls = start(localCatalogue());
    await calls['datasets.fetch']({ id: 'usps' });
    expect(await ended()).toMatchObject({ dataset: 'usps', phase: 'done' });
    const progress = events.of('dataset.progress');
    const totalBytes = texts['zip.train'].length + texts['zip.test'].length;
    expect(progress[0]).toMatchObject({ phase: 'download', doneBytes: 0, totalBytes });
    expect(progress.some(({ phase, bytesPerSecond }) => phase === 'download' && bytesPerSecond > 0)).toBe(
      true,
    );
    expect(progress.slice(-3).map(({ phase }) => phase)).toEqual(['read', 'store', 'done']);
    const { catalogue } = await calls['datasets.list']({});
    const here = catalogue.filter(({ info }) => info !== null).map(({ id }) => id);
    expect(here).toEqual(['usps', 'coloured-usps']);
    expect(existsSync(join(datasetDirectory, '.downloads', 'usps'))).toBe(false);
  });

  it('of coloured USPS fetches USPS', async () => {
    const calls = start(localCatalogue());
    await calls['datasets.fetch']({ id: 'coloured-usps' });
    expect(await ended()).toMatchObject({ dataset: 'coloured-usps', phase: 'done' });
    expect(existsSync(join(datasetDirectory, 'usps', 'manifest.json'))).toBe(true);
  });

  it('can be cancelled and goes on the next time where it was', async () => {
    server.mood.pauseMs = 30;
    const calls = start(localCatalogue());
    await calls['datasets.fetch']({ id: 'usps' });
    await vi.waitFor(
      () => expect(events.of('dataset.progress').at(-1)?.doneBytes).toBeGreaterThan(3_000),
      10_000,
    );
    await expect(async () => calls['datasets.fetch']({ id: 'coloured-usps' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await calls['datasets.cancelFetch']({ id: 'usps' });
    expect(await ended()).toMatchObject({ phase: 'cancelled' });
    events = new EventLog();
    const again = start(localCatalogue());
    await again['datasets.fetch']({ id: 'usps' });
    expect(await ended()).toMatchObject({ phase: 'done' });
    expect(server.asked.some((range) => /^bytes=[1-9]/.test(range))).toBe(true);
  });

  it('fails with the reason, and refuses what is not USPS', async () => {
    server.files.set('/zip.train', Buffer.from(texts['zip.train'].replace('1.0000', 'x.0000')));
    const calls = start(localCatalogue());
    await calls['datasets.fetch']({ id: 'usps' });
    const { phase, message } = await ended();
    expect(phase).toBe('failed');
    expect(message).toMatch(/zip\.train/);
    expect(existsSync(join(datasetDirectory, '.downloads', 'usps', 'zip.train'))).toBe(false);
    expect(events.of('datasets.changed')).toEqual([]);
  });

  it('is refused without an address, for unknown ones, and for what is here already', async () => {
    await storeStandIns(datasetDirectory);
    const calls = start(localCatalogue());
    const fetch = (id: string) => async () => calls['datasets.fetch']({ id });
    await expect(fetch('ames-house-prices')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(fetch('mnist')).rejects.toMatchObject({ code: 'not-found' });
    await expect(fetch('usps')).rejects.toMatchObject({ code: 'conflict' });
  });
});
