import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentOutcomes } from '../../src/shared/schema/report.ts';
import type { VariantResults } from '../../src/shared/schema/results.ts';
import { sampleExperiment } from '../../src/main/store/store-test-kit.ts';
import { setUpCommandLine } from './fixtures/command-line.ts';
import { sampleRun } from './fixtures/sample-run.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'experiments-command-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const results: VariantResults[] = [
  {
    variant: 'K0',
    name: 'K0 baseline',
    runIds: ['run0000001', 'run0000002'],
    seeds: [1, 2],
    durationMs: 3_000,
    metrics: [
      {
        split: 'test',
        metric: 'accuracy',
        values: [0.7, 0.72],
        mean: 0.71,
        standardDeviation: 0.0141,
        count: 2,
      },
    ],
    bestDevMetrics: [],
  },
];

const outcomes: ExperimentOutcomes[] = [{ id: 'k-cifar-cures', name: 'Cures', variants: [], search: null }];

describe('experiments run', () => {
  it('follows every run to its end, also those that ended before it looked, and shows the results', async () => {
    const ends = [sampleRun({ id: 'run0000001' }), sampleRun({ id: 'run0000002' })];
    const { studio, terminal, studioCommand } = setUpCommandLine({
      'experiments.start': () => ({ runIds: ends.map(({ summary }) => summary.id) }),
      'runs.get': ({ runId }) => ends.find(({ summary }) => summary.id === runId)!,
      'experiments.results': () => results,
    });
    expect(
      await studioCommand('experiments', 'run', 'k-cifar-cures', '--variants', 'K0,K1', '--repeats', '2'),
    ).toBe(0);
    expect(studio.calls.find(({ name }) => name === 'experiments.start')?.params).toMatchObject({
      id: 'k-cifar-cures',
      variants: ['K0', 'K1'],
      repeats: 2,
      seed: 1,
      again: false,
    });
    expect(terminal.printed.at(-1)).toMatch(/^K0 +2 +71.00 % ± 1.41 % +3.0 s$/);
    expect(terminal.told.filter((line) => line.startsWith('run000000'))).toHaveLength(2);
  });

  it('leaves variants and seeds to the experiment where none are named', async () => {
    const { studio, studioCommand } = setUpCommandLine({
      'experiments.start': () => ({ runIds: [] }),
      'experiments.results': () => [],
    });
    expect(await studioCommand('experiments', 'run', 'f-spirals')).toBe(0);
    const params = studio.calls.find(({ name }) => name === 'experiments.start')?.params;
    expect(params).toMatchObject({ variants: null, repeats: null });
  });
});

describe('experiments report', () => {
  it('writes the table and the outcomes, and hands in those that were kept', async () => {
    const kept = join(folder, 'kept');
    const out = join(folder, 'table.md');
    const { studio, studioCommand } = setUpCommandLine({
      'experiments.report': () => ({ markdown: '# Table\n', outcomes }),
    });
    expect(await studioCommand('experiments', 'report', '--kept', kept, '--out', out)).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe('# Table\n');
    expect(JSON.parse(readFileSync(join(kept, 'k-cifar-cures.json'), 'utf8'))).toEqual(outcomes[0]);
    expect(await studioCommand('experiments', 'report', '--kept', kept, '--out', out)).toBe(0);
    expect(studio.calls.at(-1)?.params).toEqual({ kept: outcomes });
  });

  it('refuses a file of outcomes that is none, and writes nothing', async () => {
    writeFileSync(join(folder, 'cut.json'), '{"id": 3}');
    const out = join(folder, 'table.md');
    const { terminal, studioCommand } = setUpCommandLine({});
    expect(await studioCommand('experiments', 'report', '--kept', folder, '--out', out)).toBe(2);
    expect(terminal.told.join('\n')).toContain('is no file of kept outcomes');
    expect(existsSync(out)).toBe(false);
  });
});

describe('run', () => {
  it('takes a variant, and another dataset of the same shape', async () => {
    const whole = sampleExperiment({
      variants: [{ id: 'fast', name: 'fast', set: { 'training.optimizer.learningRate': 1 } }],
    });
    const end = sampleRun();
    const { studio, studioCommand } = setUpCommandLine({
      'experiments.get': () => whole,
      'runs.start': () => {
        studio.publish('run.changed', end.summary);
        return { runId: end.summary.id };
      },
      'runs.get': () => end,
    });
    expect(await studioCommand('run', 'circles', '--variant', 'fast')).toBe(0);
    const started = () => studio.calls.findLast(({ name }) => name === 'runs.start')?.params;
    expect(started()).toMatchObject({
      experimentId: 'circles',
      variant: 'fast',
      experiment: { training: { optimizer: { learningRate: 1 } }, variants: [] },
    });
    expect(await studioCommand('run', 'circles', '--dataset', 'spirals')).toBe(0);
    expect(started()).toMatchObject({ experimentId: null, experiment: { data: { dataset: 'spirals' } } });
  });
});
