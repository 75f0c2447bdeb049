import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFileServer, type FileServer } from '../../src/main/data/fetch/file-server-test-kit.ts';
import { uspsText, writeFile } from '../../src/main/data/import/import-test-kit.ts';
import { officialDatasets } from '../../src/main/data/index.ts';
import { createDatasetService } from '../../src/main/studio/dataset-calls.ts';
import { LocalImporterHost } from '../../src/main/studio/importer-test-kit.ts';
import { NoticeBoard } from '../../src/main/studio/notice-board.ts';
import type { DatasetInfo } from '../../src/shared/schema/dataset.ts';
import { setUpCommandLine } from './fixtures/command-line.ts';

let folder = '';
let server: FileServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'datasets-command-'));
  server = await startFileServer();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The commands in front of real calls on a folder of the test's own, USPS at the test's own address. */
function setUp() {
  const texts = { 'zip.train': uspsText(20, () => '0.5'), 'zip.test': uspsText(10, () => '-0.5') };
  const files = Object.entries(texts).map(([name, text]) => {
    server.files.set(`/${name}`, Buffer.from(text));
    return { name, address: `${server.address}/${name}`, sizeBytes: text.length, sha256: null };
  });
  const catalogue = officialDatasets.map((entry) => (entry.id === 'usps' ? { ...entry, files } : entry));
  const publish: Parameters<typeof createDatasetService>[0]['publish'] = (name, payload) =>
    studio.publish(name, payload);
  const datasetDirectory = join(folder, 'datasets');
  const notices = new NoticeBoard(publish);
  const { calls } = createDatasetService({
    datasetDirectory,
    host: new LocalImporterHost(),
    publish,
    notices,
    catalogue,
  });
  const { studio, terminal, studioCommand } = setUpCommandLine(calls);
  const run = async (...words: string[]) => {
    terminal.printed.length = 0;
    terminal.told.length = 0;
    return studioCommand('datasets', ...words);
  };
  return { terminal, run, datasetDirectory };
}

function tableFile(name: string): string {
  return writeFile(folder, name, 'size,kind\n1,a\n2,b\n3,a\n4,b\n');
}

describe('datasets', () => {
  it('lists what is here, and what can be fetched or imported', async () => {
    const { run, terminal } = setUp();
    expect(await run()).toBe(0);
    const text = terminal.printed.join('\n');
    expect(text).toMatch(/^mnist +MNIST digits +bundled +28x28x1 +60,000 +10,000 +digit \(10 classes\)/m);
    expect(text).toMatch(/^cifar-10 +CIFAR-10 +datasets fetch cifar-10 \(162\.2 MB\)/m);
    expect(text).toMatch(/^ames-house-prices +Ames house prices +import only/m);
    expect(await run('list', '--json')).toBe(0);
    const { datasets, catalogue } = JSON.parse(terminal.printed[0]!) as Record<string, unknown[]>;
    expect([datasets?.length, catalogue?.length]).toEqual([4, 5]);
  });

  it('imports a table under a name and with types of the user’s', async () => {
    const { run, terminal, datasetDirectory } = setUp();
    const path = tableFile('things.csv');
    expect(
      await run('import', path, '--name', 'My things', '--type', 'size=category,kind=category', '--json'),
    ).toBe(0);
    const info = JSON.parse(terminal.printed[0]!) as DatasetInfo;
    expect(info).toMatchObject({
      id: 'my-things',
      origin: 'imported',
      trainExamples: 4,
      classes: ['a', 'b'],
    });
    expect(info.columns?.map(({ type }) => type)).toEqual(['category', 'category']);
    expect(existsSync(join(datasetDirectory, 'my-things', 'manifest.json'))).toBe(true);
    expect(await run()).toBe(0);
    expect(terminal.printed.join('\n')).toMatch(/^my-things +My things +imported/m);
  });

  it('imports several files and says what they became', async () => {
    const { run, terminal } = setUp();
    mkdirSync(join(folder, 'usps'));
    const paths = [
      writeFile(
        join(folder, 'usps'),
        'zip.train.gz',
        uspsText(20, () => '0.5'),
      ),
      writeFile(
        join(folder, 'usps'),
        'zip.test.gz',
        uspsText(10, () => '0.5'),
      ),
    ];
    expect(await run('import', ...paths)).toBe(0);
    expect(terminal.printed.join('\n')).toMatch(/^usps +USPS digits +catalogue +16x16x1 +20 +10/m);
    expect(terminal.shown).toContain('Storing zip.train.gz');
  });

  it('fetches one of the catalogue', async () => {
    const { run, terminal } = setUp();
    expect(await run('fetch', 'usps')).toBe(0);
    expect(terminal.printed.join('\n')).toMatch(/^usps +USPS digits/m);
    expect(terminal.shown.some((line) => line.startsWith('download · 0 B of'))).toBe(true);
  });

  it('fails with the reason where fetching fails, and can be interrupted', async () => {
    const { run, terminal } = setUp();
    server.mood.status = 404;
    expect(await run('fetch', 'usps')).toBe(2);
    expect(terminal.told.join('\n')).toMatch(/answers with status 404/);
    server.mood.status = null;
    server.mood.pauseMs = 30;
    const running = run('fetch', 'usps');
    setTimeout(() => terminal.interrupt(), 150);
    expect(await running).toBe(130);
    expect(terminal.told.join('\n')).toMatch(/what has come is kept/);
  });

  it('removes one', async () => {
    const { run, terminal, datasetDirectory } = setUp();
    await run('import', tableFile('things.csv'));
    expect(await run('remove', 'things')).toBe(0);
    expect(terminal.printed).toEqual(['removed: things']);
    expect(existsSync(join(datasetDirectory, 'things'))).toBe(false);
    expect(await run('remove', 'things')).toBe(2);
  });

  it.each([
    [['import'], /expected "import PATH\.\.\."/],
    [['fetch', 'Not An Id'], /expected a dataset's id/],
    [['fetch', 'a', 'b'], /expected "fetch ID"/],
    [['burn', 'usps'], /expected "\[list\]", "import PATH\.\.\.", "fetch ID", "remove ID"/],
    [['import', 'x.csv', '--type', 'size=colour'], /expected COLUMN=TYPE/],
    [['import', '/nothing/there.csv'], /there is no \/nothing\/there\.csv/],
  ])('tells what is wrong with %j', async (words, message) => {
    const { run, terminal } = setUp();
    expect(await run(...words)).toBe(2);
    expect(terminal.told.join('\n')).toMatch(message);
  });
});
