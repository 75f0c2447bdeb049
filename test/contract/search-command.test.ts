import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../src/shared/ipc/errors.ts';
import { searchSpec } from '../../src/shared/schema/search.ts';
import { studySummary } from '../../src/shared/schema/study.ts';
import { setUpCommandLine } from './fixtures/command-line.ts';
import { sampleExperiment, sampleRun } from './fixtures/sample-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'search-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('search', () => {
  it('takes a file as well as an experiment of the gallery', async () => {
    const file = join(folder, 'search.json');
    writeFileSync(file, JSON.stringify(sampleExperiment()));
    const refuse = () => {
      throw new StudioError('invalid-input', 'no search');
    };
    const { studio, studioCommand } = setUpCommandLine({
      'experiments.get': () => sampleExperiment(),
      'experiments.check': () => ({
        issues: [],
        experiment: sampleExperiment(),
        model: null,
        stepsPerEpoch: null,
      }),
      'studies.start': refuse,
    });
    await studioCommand('search', file, '--workers', '3');
    await studioCommand('search', 'two-spirals');
    const started = studio.calls.filter(({ name }) => name === 'studies.start');
    expect(started.map(({ params }) => params)).toMatchObject([
      { experimentId: null, workers: 3 },
      { experimentId: 'two-spirals', workers: null },
    ]);
  });

  it('ends bad trials early where that is asked for, with a pruner that is there', async () => {
    const parameters = [
      { kind: 'uniform', name: 'rate', paths: ['training.optimizer.learningRate'], minimum: 0, maximum: 1 },
    ];
    const search = searchSpec.parse({ parameters, sampler: { kind: 'random', trials: 2 } });
    const searched = { ...sampleExperiment(), search };
    const { studio, studioCommand, terminal } = setUpCommandLine({
      'experiments.get': () => searched,
      'studies.start': () => {
        throw new StudioError('invalid-input', 'no more than this');
      },
    });
    await studioCommand('search', 'two-spirals', '--pruner', 'asha');
    await studioCommand('search', 'two-spirals');
    const started = studio.calls.filter(({ name }) => name === 'studies.start');
    expect(started.map(({ params }) => params)).toMatchObject([
      { experiment: { search: { pruner: { kind: 'asha', minimumEpochs: 1, reductionFactor: 4 } } } },
      { experiment: { search: { pruner: { kind: 'none' } } } },
    ]);
    expect(await studioCommand('search', 'two-spirals', '--pruner', 'secateurs')).toBe(2);
    expect(terminal.told.join()).toContain('expected none, median, asha, wilcoxon');
  });

  it('is listed with all of its trials that have ended, however they did', async () => {
    const summary = studySummary.parse({
      ...{
        id: 's0000000001',
        name: 'Pruned',
        experimentId: null,
        dataset: 'circles',
        state: 'paused',
        seed: 1,
      },
      ...{
        trialsPlanned: 172,
        trialsDone: 2,
        trialsPruned: 27,
        trialsFailed: 1,
        netsPlanned: 172,
        netsDone: 29,
      },
      ...{
        epochsDone: 100,
        bestTrial: 2,
        bestValue: 0.25,
        testOpenings: 0,
        createdAt: '2026-01-01T00:00:00.000Z',
      },
      ...{ finishedAt: null, durationMs: 60_000, failure: null, deletedAt: null },
    });
    const { studioCommand, terminal } = setUpCommandLine({ 'studies.list': () => [summary] });
    expect(await studioCommand('search', 'list')).toBe(0);
    expect(terminal.printed[1]).toMatch(/^s0000000001 +Pruned +paused +30 of 172 +0\.25/);
  });

  it('opens the test part to its winner with as many seeds as asked for, and reports each run', async () => {
    const runs = ['run0000001', 'run0000002'].map((id) => sampleRun({ id }));
    const { studio, studioCommand, terminal } = setUpCommandLine({
      'studies.openTest': () => ({
        at: '2026-01-01T00:00:00.000Z',
        trial: 4,
        runIds: runs.map(({ summary }) => summary.id),
      }),
      'runs.get': ({ runId }) => runs.find(({ summary }) => summary.id === runId)!,
    });
    expect(await studioCommand('search', 'test', 's0000000001', '--seeds', '2', '--json')).toBe(0);
    expect(studio.calls.find(({ name }) => name === 'studies.openTest')?.params).toEqual({
      studyId: 's0000000001',
      trial: null,
      seeds: 2,
    });
    expect(JSON.parse(terminal.printed.join('\n'))).toMatchObject({
      trial: 4,
      runs: [{ runId: 'run0000001' }, { runId: 'run0000002', testAccuracy: 0.875 }],
    });
    await studioCommand('search', 'test', 's0000000001', '7');
    expect(studio.calls.findLast(({ name }) => name === 'studies.openTest')?.params).toMatchObject({
      trial: 7,
      seeds: 1,
    });
  });

  it('goes on with as many processes as asked for', async () => {
    const { studio, studioCommand } = setUpCommandLine();
    await studioCommand('search', 'resume', 's0000000001', '--workers', '2');
    expect(studio.calls.map(({ params }) => params)).toContainEqual({ studyId: 's0000000001', workers: 2 });
  });
});
