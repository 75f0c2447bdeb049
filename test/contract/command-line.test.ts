import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/main/cli/commands/index.ts';
import { StudioError } from '../../src/shared/ipc/errors.ts';
import type { EngineStatus, InstallProgress } from '../../src/shared/schema/engine.ts';
import type { RunDetail } from '../../src/shared/schema/run.ts';
import { SAID_VERSION, setUpCommandLine } from './fixtures/command-line.ts';
import { sampleExperiment, sampleRun } from './fixtures/sample-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A studio that ends every run at once as `end`, its events arriving before the reply to `runs.start`. */
function trainingStudio(end: RunDetail) {
  const id = end.summary.id;
  const setup = setUpCommandLine({
    'experiments.get': () => sampleExperiment(),
    'runs.start': () => {
      setup.studio.publish('run.changed', end.summary);
      return { runId: id };
    },
    'runs.resume': () => (setup.studio.publish('run.changed', end.summary), {}),
    'runs.get': ({ runId }) => (runId === id ? end : sampleRun({ id: runId })),
  });
  return setup;
}

describe('words of the command line', () => {
  it('may be anything without an unexpected error', async () => {
    const names = fc.constantFrom(...commands.map(({ name }) => name).filter((name) => name !== 'serve'));
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom('--json', '--seed', '--seed=x', '--help', '--', '-x', 'a'),
    );
    await fc.assert(
      fc.asyncProperty(names, fc.array(words, { maxLength: 5 }), async (name, rest) => {
        const { studioCommand, terminal } = setUpCommandLine();
        expect([0, 1, 2]).toContain(await studioCommand(name, ...rest));
        expect(terminal.open).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('name a command, or the known ones are listed', async () => {
    const { studioCommand, terminal } = setUpCommandLine();
    expect(await studioCommand('train')).toBe(2);
    expect(terminal.told[0]).toContain('"train"');
    expect(terminal.told[0]).toContain('rerun');
    expect(await studioCommand('--version')).toBe(0);
    expect(terminal.printed).toEqual([SAID_VERSION]);
  });

  it.each(commands)('$name explains itself and every option it takes', async ({ name, options }) => {
    const { studioCommand, terminal } = setUpCommandLine();
    expect(await studioCommand(name, '--help')).toBe(0);
    for (const option of [...Object.keys(options), 'json', 'data']) {
      expect(terminal.printed[0]).toContain(`--${option}`);
    }
  });

  it.each([
    ['an unknown option', ['run', 'x', '--sede', '1']],
    ['a value out of range', ['run', 'x', '--seed', '4294967296']],
    ['a fraction', ['run', 'x', '--epochs', '1.5']],
    ['an unknown engine', ['run', 'x', '--engine', 'cuda']],
    ['no argument', ['show']],
    ['too many arguments', ['show', 'a', 'b']],
    ['what cannot be a run', ['show', '../../etc']],
    ['an action that there is not', ['engine', 'remove']],
    ['an action without its subject', ['search', 'resume']],
    ['an action with a subject too many', ['experiments', 'list', 'c2-fmnist-cnn']],
    ['an option of another action', ['search', 'list', '--pruner', 'asha']],
    ['what cannot be a study', ['search', 'show', '../../etc']],
    ['trials that are no number', ['search', 'extend', 's0000000001', 'more']],
    ['a limit of nothing', ['runs', '--limit', '0']],
  ])('are refused with exit code 2 for %s', async (_, words) => {
    const { studioCommand, terminal, studio } = setUpCommandLine();
    expect(await studioCommand(...words)).toBe(2);
    expect(terminal.told.join()).toMatch(/found .*expected/);
    expect(studio.calls).toEqual([]);
  });

  it('with --json print errors as JSON too', async () => {
    const { studioCommand, terminal } = setUpCommandLine();
    await studioCommand('show', '--json');
    expect(JSON.parse(terminal.printed.join('\n'))).toMatchObject({ error: { code: 'invalid-input' } });
  });
});

describe('run', () => {
  it('trains with the options given and reports the end as JSON', async () => {
    const { studioCommand, terminal, studio } = trainingStudio(sampleRun());
    const words = [
      'run',
      'circles',
      '--seed',
      '7',
      '--engine',
      'wasm',
      '--threads',
      '1',
      '--epochs',
      '3',
      '--json',
    ];
    expect(await studioCommand(...words)).toBe(0);
    const started = studio.calls.find(({ name }) => name === 'runs.start')?.params;
    expect(started).toMatchObject({
      seed: 7,
      engine: 'wasm',
      threads: 1,
      experiment: { training: { epochs: 3 } },
    });
    expect(JSON.parse(terminal.printed.join('\n'))).toMatchObject({
      runId: 'run0000000',
      state: 'finished',
      engine: { kind: 'tensorflow', version: '2.21.0' },
      executor: 'xla',
      testAccuracy: 0.875,
      testLoss: 0.3,
      durationMs: 1500,
    });
    expect(terminal.open).toBe(0);
  });

  it('shows rate and time left of its own run only', async () => {
    const end = sampleRun();
    const { studioCommand, terminal, studio } = setUpCommandLine({
      'experiments.get': () => sampleExperiment(),
      'runs.start': () => ({ runId: end.summary.id }),
      'runs.get': () => end,
    });
    const done = studioCommand('run', 'circles');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const progress = {
      runId: end.summary.id,
      state: 'running',
      epoch: 1,
      epochsPlanned: 5,
      step: 1500,
      stepsPlanned: 4690,
      examplesPerSecond: 98_765.4,
      secondsLeft: 12,
      trainLoss: 0.5,
      trainAccuracy: 0.75,
      phase: 'training',
    } as const;
    studio.publish('run.progress', progress);
    studio.publish('run.progress', { ...progress, runId: 'other00000' });
    studio.publish('run.changed', end.summary);
    expect(await done).toBe(0);
    expect(terminal.shown).toEqual([
      'epoch 2 of 5 · step 1,500 of 4,690 · 98,765 examples/s · loss 0.5000 · accuracy 75.00 % · 12.0 s left',
    ]);
  });

  it('exits with 1 and the reason when the run fails', async () => {
    const { studioCommand, terminal } = trainingStudio(sampleRun({ state: 'failed' }));
    expect(await studioCommand('run', 'circles')).toBe(1);
    expect(terminal.printed.join('\n')).toContain('loss is NaN at step 7');
  });

  it('cancels politely on Ctrl-C and exits with 130', async () => {
    const end = sampleRun({ state: 'cancelled' });
    const setup = setUpCommandLine({
      'experiments.get': () => sampleExperiment(),
      'runs.start': () => ({ runId: end.summary.id }),
      'runs.cancel': () => (setup.studio.publish('run.changed', end.summary), {}),
      'runs.get': () => end,
    });
    const done = setup.studioCommand('run', 'circles');
    await new Promise((resolve) => setTimeout(resolve, 50));
    setup.terminal.interrupt();
    expect(await done).toBe(130);
    expect(setup.studio.calls.filter(({ name }) => name === 'runs.cancel')).toHaveLength(1);
  });

  it('fails when the studio process dies under it', async () => {
    const setup = setUpCommandLine({
      'experiments.get': () => sampleExperiment(),
      'runs.start': () => ({ runId: 'run0000000' }),
    });
    const done = setup.studioCommand('run', 'circles');
    await new Promise((resolve) => setTimeout(resolve, 50));
    setup.terminal.lose(new StudioError('process-lost', 'gone'));
    expect(await done).toBe(1);
    expect(setup.terminal).toMatchObject({ told: ['gone'], open: 0 });
  });

  it('prints every fault of a file with its path and exits with 2 without starting', async () => {
    const file = join(folder, 'misspelt.json');
    writeFileSync(file, '{"nmae": "x"}');
    const issues = [
      { path: 'name', message: 'is missing' },
      { path: 'nmae', message: 'is not a known key' },
    ];
    const check = { issues, experiment: null, model: null, stepsPerEpoch: null };
    for (const words of [
      ['run', file],
      ['experiments', 'check', file],
    ]) {
      const { studioCommand, terminal, studio } = setUpCommandLine({ 'experiments.check': () => check });
      expect(await studioCommand(...words)).toBe(2);
      expect(terminal.told.join()).toContain('name: is missing');
      expect(terminal.told.join()).toContain('nmae: is not a known key');
      expect(studio.calls.at(-1)).toEqual({
        name: 'experiments.check',
        params: { experiment: { nmae: 'x' } },
      });
    }
  });

  it('says what is wrong with a file that is missing or no JSON', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"name": ');
    for (const file of [broken, join(folder, 'missing.json')]) {
      const { studioCommand, terminal } = setUpCommandLine();
      expect(await studioCommand('run', file)).toBe(2);
      expect(terminal.told.join()).toContain(file);
    }
  });
});

describe('resume and rerun', () => {
  it('resume follows the run to its end', async () => {
    const { studioCommand, studio } = trainingStudio(sampleRun({ id: 'run0000001' }));
    expect(await studioCommand('resume', 'run0000001')).toBe(0);
    expect(studio.calls.map(({ name }) => name)).toContain('runs.resume');
  });

  it('rerun starts the same experiment, seed, engine and threads and finds equal losses equal', async () => {
    const { studioCommand, terminal, studio } = trainingStudio(sampleRun({ id: 'run0000002' }));
    expect(await studioCommand('rerun', 'run0000001', '--json')).toBe(0);
    const started = studio.calls.find(({ name }) => name === 'runs.start')?.params;
    expect(started).toEqual({
      experiment: sampleExperiment(),
      seed: 1,
      engine: 'tensorflow',
      threads: 2,
      experimentId: null,
      variant: null,
    });
    const report = JSON.parse(terminal.printed.join('\n')) as unknown;
    expect(report).toMatchObject({ rerunOf: 'run0000001', losses: { equal: true, compared: 2 } });
  });

  it('rerun says where losses differ in the last bit and exits with 1', async () => {
    const other = sampleRun({ id: 'run0000002', losses: [0.5, 0.25 + 2 ** -54] });
    const { studioCommand, terminal } = trainingStudio(other);
    expect(await studioCommand('rerun', 'run0000001')).toBe(1);
    expect(terminal.printed.at(-1)).toMatch(/different from train epoch 2/);
  });
});

describe('engine install', () => {
  const missing: EngineStatus = {
    chosen: 'wasm',
    library: { state: 'missing', reason: 'not installed', wayOut: 'install it' },
    installable: null,
    devices: [],
    cores: 2,
  };
  const ready: EngineStatus = {
    ...missing,
    chosen: 'tensorflow',
    library: { state: 'ready', version: '2.21.0', directory: '/lib', sizeBytes: 1024 },
  };
  const progress: InstallProgress = {
    phase: 'download',
    doneBytes: 1024 * 1024,
    totalBytes: 4 * 1024 * 1024,
    bytesPerSecond: 1024 * 1024,
    secondsLeft: 3,
    message: '',
  };

  function installing(last: InstallProgress['phase']) {
    let installed = false;
    const setup = setUpCommandLine({
      'engine.status': () => (installed ? ready : missing),
      'engine.startInstall': () => {
        setup.studio.publish('engine.install', progress);
        installed = last === 'done';
        setup.studio.publish('engine.install', { ...progress, phase: last, message: 'no pip was found' });
        return {};
      },
    });
    return setup;
  }

  it('shows progress and then what is installed', async () => {
    const { studioCommand, terminal } = installing('done');
    expect(await studioCommand('engine', 'install')).toBe(0);
    expect(terminal.shown).toEqual(['download · 1.0 MB of 4.0 MB · 1.0 MB/s · 3.0 s left']);
    expect(terminal.printed.join('\n')).toContain('TensorFlow 2.21.0');
  });

  it.each([
    ['failed', 1],
    ['cancelled', 130],
  ] as const)('exits accordingly when it %s', async (phase, code) => {
    const { studioCommand } = installing(phase);
    expect(await studioCommand('engine', 'install')).toBe(code);
  });
});

describe('notices', () => {
  it('of trouble are told before the result', async () => {
    const notice = {
      id: 'n',
      level: 'error',
      title: 'The history was damaged',
      text: 'It was moved aside.',
      action: null,
    } as const;
    const { studioCommand, terminal } = setUpCommandLine({
      'studio.notices': () => [notice],
      'runs.list': () => ({ runs: [], total: 0 }),
    });
    expect(await studioCommand('runs', '--json')).toBe(0);
    expect(terminal.told).toEqual(['error: The history was damaged. It was moved aside.']);
    expect(JSON.parse(terminal.printed.join('\n'))).toEqual({ runs: [], total: 0 });
  });
});
