import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../shared/schema/experiment.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { sampleExperiment } from '../store/store-test-kit.ts';
import { startTestStudio, temporaryHome, type TestStudio } from './studio-test-kit.ts';

let home: ReturnType<typeof temporaryHome>;
let studio: TestStudio;
beforeEach(() => {
  home = temporaryHome();
  studio = startTestStudio(home.path);
});
afterEach(async () => {
  await studio.studio.close(0);
  home.remove();
});

const variants: ExperimentInput['variants'] = [
  { id: 'slow', name: 'slow', set: { 'training.optimizer.learningRate': 0.01 } },
  { id: 'fast', name: 'fast', set: { 'training.optimizer.learningRate': 1 } },
];

async function saveExperiment(change: Partial<ExperimentInput> = {}): Promise<string> {
  const whole = experiment.parse({ ...sampleExperiment(), variants, repeats: 2, ...change });
  return (await studio.handlers['experiments.save']({ id: null, experiment: whole })).id;
}

type StartParams = Parameters<TestStudio['handlers']['experiments.start']>[0];

async function start(id: string, change: Partial<StartParams> = {}): Promise<string[]> {
  const params = {
    id,
    seed: 1,
    repeats: null,
    variants: null,
    engine: 'cpu',
    threads: null,
    again: false,
  } as const;
  return (await studio.handlers['experiments.start']({ ...params, ...change })).runIds;
}

/** Lets the trainer of the n-th run finish, which starts the next. */
function finish(n: number): void {
  const trainer = studio.host.trainer(n);
  trainer.started();
  trainer.epoch(1);
  trainer.finish();
}

describe('an experiment with seeds and variants', () => {
  it('runs every variant once per seed, seed by seed', async () => {
    const ids = await start(await saveExperiment());
    const details = await Promise.all(ids.map(async (runId) => studio.handlers['runs.get']({ runId })));
    expect(details.map(({ summary }) => [summary.variant, summary.seed])).toEqual([
      ['slow', 1],
      ['fast', 1],
      ['slow', 2],
      ['fast', 2],
    ]);
    expect(details[1]!.experiment.training.optimizer.learningRate).toBe(1);
    expect(details[1]!.experiment.variants).toEqual([]);
  });

  it('does not repeat what is done or on its way, unless asked to', async () => {
    const id = await saveExperiment();
    await start(id, { variants: ['slow'], repeats: 1 });
    finish(0);
    expect(await start(id)).toHaveLength(3);
    expect(await start(id)).toHaveLength(0);
    expect(await start(id, { again: true, variants: ['fast'] })).toHaveLength(2);
  });

  it('groups finished runs by variant, with their spread over seeds', async () => {
    const id = await saveExperiment();
    const ids = await start(id, { variants: ['fast'] });
    finish(0);
    finish(1);
    const results = await studio.handlers['experiments.results']({ id });
    expect(results).toMatchObject([{ variant: 'fast', name: 'fast', runIds: ids, seeds: [1, 2] }]);
    const loss = results[0]!.metrics.find(({ split, metric }) => split === 'train' && metric === 'loss');
    expect(loss).toMatchObject({ count: 2, standardDeviation: 0 });
    expect(loss?.mean).toBe(loss?.values[0]);
  });

  it('leaves out runs of a variant that was changed since', async () => {
    const id = await saveExperiment();
    await start(id, { variants: ['fast'], repeats: 1 });
    finish(0);
    const changed = experiment.parse({
      ...sampleExperiment(),
      variants: [{ id: 'fast', name: 'fast', set: { 'training.batchSize': 3 } }],
    });
    await studio.handlers['experiments.save']({ id, experiment: changed });
    expect(await studio.handlers['experiments.results']({ id })).toEqual([]);
  });

  it('refuses a variant that is not there before anything is queued', async () => {
    const id = await saveExperiment();
    await expect(start(id, { variants: ['slow', 'none'] })).rejects.toMatchObject({ code: 'not-found' });
    expect(studio.host.trainers).toHaveLength(0);
  });
});

describe('the result table of the reports', () => {
  it('holds what ran here and what was kept elsewhere, each seed once', async () => {
    const reference = {
      ids: ['J'],
      report: 5,
      published: [{ label: 'train loss', split: 'train' as const, metric: 'loss', value: 0.5 }],
    };
    const id = await saveExperiment({ reference, variants: [], repeats: 1 });
    await start(id);
    finish(0);
    const first = await studio.handlers['experiments.report']({ kept: [] });
    const own = first.outcomes.find((outcomes) => outcomes.id === id)!;
    const kept = structuredClone(own);
    kept.variants[0]!.runs[0]!.runId = 'elsewhere00';
    kept.variants[0]!.runs.push({ ...kept.variants[0]!.runs[0]!, runId: 'elsewhere02', seed: 2 });
    const { markdown, outcomes } = await studio.handlers['experiments.report']({ kept: [kept] });
    const merged = outcomes.find((one) => one.id === id)!.variants[0]!.runs;
    expect(merged.map((run) => run.runId)).toEqual([own.variants[0]!.runs[0]!.runId, 'elsewhere02']);
    expect(markdown).toContain('(n = 2)');
  });
});
