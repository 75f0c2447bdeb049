import BetterSqlite3 from 'better-sqlite3';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { contract } from '../../shared/ipc/contract.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { sampleExperiment } from '../store/store-test-kit.ts';
import { experimentSha256 } from './experiment-hash.ts';
import { createRunId } from './run-id.ts';
import { noEngineLibrary, startTestStudio, temporaryHome, type TestStudio } from './studio-test-kit.ts';
import { runId } from '../../shared/schema/run.ts';

let home: ReturnType<typeof temporaryHome>;
let open: TestStudio[] = [];
beforeEach(() => (home = temporaryHome()));
afterEach(async () => {
  for (const studio of open) await studio.studio.close(0);
  open = [];
  home.remove();
});

function start(change: Parameters<typeof startTestStudio>[1] = {}): TestStudio {
  const studio = startTestStudio(home.path, change);
  open.push(studio);
  return studio;
}

async function startRun({ handlers }: TestStudio): Promise<string> {
  const origin = { experimentId: null, variant: null };
  const params = {
    experiment: sampleExperiment(),
    seed: 1,
    engine: 'auto',
    threads: null,
    ...origin,
  } as const;
  return (await handlers['runs.start'](params)).runId;
}

describe('the gallery', () => {
  it('has every bundled experiment, with a model that fits', async () => {
    const entries = await start().handlers['gallery.list']({});
    const ids = entries.map((entry) => entry.id);
    expect(ids).toEqual(
      expect.arrayContaining(['circles', 'mnist-cnn', 'mnist-mlp', 'noisy-1d', 'two-spirals']),
    );
    const nets = entries.filter(({ experiment }) => experiment.svm === null && experiment.lab === null);
    expect(nets.every((entry) => entry.model.parameterCount > 0)).toBe(true);
  });

  it('keeps own experiments, numbers equal titles and shows the runs of each', async () => {
    const studio = start();
    const { handlers } = studio;
    const own = sampleExperiment({ name: 'My Net, größer!' });
    const ids = [
      (await handlers['experiments.save']({ id: null, experiment: own })).id,
      (await handlers['experiments.save']({ id: null, experiment: own })).id,
    ];
    expect(ids).toEqual(['mine/my-net-gro-er', 'mine/my-net-gro-er-2']);
    expect(await handlers['experiments.get']({ id: ids[0]! })).toEqual(own);
    const run = await startRun(studio);
    studio.host.trainer(0).finish();
    const entry = (await handlers['gallery.list']({})).find((e) => e.id === ids[0]);
    expect([entry?.lastRun?.id, entry?.bestRun?.id]).toEqual([run, run]);
    await handlers['experiments.delete']({ id: ids[0]! });
    await expect(async () => handlers['experiments.get']({ id: ids[0]! })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('shows the good files and tells once of a bad one', async () => {
    mkdirSync(join(home.path, 'experiments'), { recursive: true });
    writeFileSync(join(home.path, 'experiments', 'cut.json'), '{"schemaVersion": 1, "na');
    const studio = start();
    await studio.handlers['gallery.list']({});
    expect((await studio.handlers['gallery.list']({})).length).toBeGreaterThanOrEqual(5);
    expect(studio.events.of('studio.notice').map((notice) => notice.id)).toEqual(['experiment-mine/cut']);
  });

  it.each(['circles', 'mine/../../escape', 'mine/', 'mine/UPPER', '/etc/passwd'])(
    'lets %s be neither overwritten nor deleted',
    async (id) => {
      const { handlers } = start();
      const save = async (): Promise<unknown> =>
        handlers['experiments.save']({ id, experiment: sampleExperiment() });
      await expect(save).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(async () => handlers['experiments.delete']({ id })).rejects.toMatchObject({
        code: 'invalid-input',
      });
      expect(existsSync(join(home.path, 'escape.json'))).toBe(false);
    },
  );
});

describe('settings', () => {
  it('are kept over a restart', async () => {
    const first = start();
    const settings = await first.handlers['settings.get']({});
    expect(settings.checkpointPolicy).toBe('all');
    await first.handlers['settings.set']({ ...settings, theme: 'dark' });
    expect((await start().handlers['settings.get']({})).theme).toBe('dark');
  });

  it('that cannot be understood are told of and stay until one is set', async () => {
    const path = join(home.path, 'settings.json');
    writeFileSync(path, '{"theme": "pink"}');
    const studio = start();
    expect((await studio.handlers['settings.get']({})).theme).toBe('system');
    expect((await studio.handlers['studio.notices']({}))[0]?.id).toBe('settings-fault');
    expect(readFileSync(path, 'utf8')).toContain('pink');
  });
});

describe('the start', () => {
  it('finds the runs of a dead studio crashed and offers to resume them', async () => {
    const first = startTestStudio(home.path);
    const id = await startRun(first);
    const second = start({ isProcessAlive: () => false });
    expect(second.events.of('run.changed').map((run) => [run.id, run.state])).toEqual([[id, 'crashed']]);
    expect((await second.handlers['studio.notices']({}))[0]?.action).toMatchObject({ runId: id });
    await second.handlers['studio.dismissNotice']({ id: `crashed-${id}` });
    expect(await second.handlers['studio.notices']({})).toEqual([]);
    // The first studio was only thought dead: its trainer must not go on beside the second one's.
    first.host.trainer(0).epoch(1);
    await first.studio.close(0);
  });

  it('tells of a damaged history, restores its backup and says where the replaced one is', async () => {
    const first = startTestStudio(home.path);
    const id = await startRun(first);
    first.host.trainer(0).epoch(1);
    first.host.trainer(0).finish();
    const { path } = await first.handlers['studio.createBackup']({});
    await first.studio.close(0);
    writeFileSync(join(home.path, 'history.db'), 'no database at all');
    const { handlers, events } = start();
    const [notice] = await handlers['studio.notices']({});
    expect(notice?.action).toEqual({
      kind: 'restore-backup',
      backupPath: path,
      label: 'Restore the newest backup',
    });
    await handlers['studio.restoreBackup']({ backupPath: path });
    expect((await handlers['runs.get']({ runId: id })).epochs).toHaveLength(1);
    expect(events.of('runs.invalidated').length).toBeGreaterThan(0);
    expect((await handlers['studio.notices']({})).map((n) => n.id)).toEqual(['history-restored']);
  });

  it('answers every call with the reason when the history is of a newer version', async () => {
    await startTestStudio(home.path).studio.close(0);
    const database = new BetterSqlite3(join(home.path, 'history.db'));
    database.pragma('user_version = 42');
    database.close();
    const { handlers } = start();
    const calls = Object.entries(contract).filter(([, entry]) => entry.type === 'invoke');
    expect(Object.keys(handlers).sort()).toEqual(calls.map(([name]) => name).sort());
    await expect(async () => handlers['studio.info']({})).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('backs the history up once a day', async () => {
    const first = startTestStudio(home.path);
    await startRun(first);
    await first.studio.close(0);
    start();
    await vi.waitFor(() => expect(existsSync(join(home.path, 'backups'))).toBe(true));
  });
});

describe('facts', () => {
  it('come from the disk', async () => {
    const info = await start().handlers['studio.info']({});
    expect(info).toMatchObject({ dataDirectory: home.path, artifactBytes: 0, door: 'command-line' });
    expect(info.databaseBytes).toBeGreaterThan(0);
    expect(info.freeBytes).toBeGreaterThan(0);
  });
});

describe('installing the library', () => {
  const progress = {
    phase: 'download',
    doneBytes: 1,
    totalBytes: 2,
    bytesPerSecond: 1,
    secondsLeft: 1,
    message: '',
  } as const;

  it('tells the progress, one install at a time, and the status after it', async () => {
    let finish: () => void = () => undefined;
    const { handlers, events } = start({
      engineLibrary: {
        ...noEngineLibrary,
        install: (onProgress) => {
          onProgress(progress);
          return new Promise((resolve) => (finish = resolve));
        },
      },
    });
    await handlers['engine.startInstall']({});
    await expect(async () => handlers['engine.startInstall']({})).rejects.toMatchObject({ code: 'conflict' });
    await expect(async () => handlers['engine.importPack']({ path: '/x' })).rejects.toMatchObject({
      code: 'conflict',
    });
    finish();
    await vi.waitFor(() => expect(events.of('engine.changed')).toHaveLength(1));
    expect(events.of('engine.install')).toEqual([progress]);
  });

  it('can be cancelled and begun again', async () => {
    const { handlers } = start({
      engineLibrary: {
        ...noEngineLibrary,
        install: (_, signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'cancelled'))),
          ),
      },
    });
    await handlers['engine.startInstall']({});
    await handlers['engine.cancelInstall']({});
    await vi.waitFor(async () => handlers['engine.startInstall']({}));
  });
});

describe('an experiment’s sha256', () => {
  it('is that of what it computes, whatever the order of keys and the title', () => {
    const whole = sampleExperiment();
    const shuffled = experiment.parse(Object.fromEntries(Object.entries(whole).reverse()));
    expect(experimentSha256({ ...shuffled, name: 'Other', description: 'x' })).toBe(experimentSha256(whole));
    const other = { ...whole, training: { ...whole.training, batchSize: 9 } };
    expect(experimentSha256(other)).not.toBe(experimentSha256(whole));
  });
});

describe('run ids', () => {
  it('fit the schema, sort by time and do not repeat', () => {
    const ids = Array.from({ length: 500 }, (_, i) => createRunId(1_800_000_000_000 + Math.floor(i / 100)));
    expect(ids.every((id) => runId.safeParse(id).success)).toBe(true);
    expect(new Set(ids).size).toBe(500);
    const times = ids.map((id) => id.slice(0, 9));
    expect([...times].sort()).toEqual(times);
  });
});
