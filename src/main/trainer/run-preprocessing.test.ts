import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Artifact } from '../../shared/schema/artifact.ts';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import { openEngine } from '../engine/index.ts';
import type * as fitting from '../preprocess/fit-preprocessing.ts';
import { fitPreprocessing } from '../preprocess/fit-preprocessing.ts';
import { trainerEvent, type TrainerEvent, type TrainingJob } from '../training/events.ts';
import { Trainer } from './trainer.ts';

// The real one, but counted.
vi.mock('../preprocess/fit-preprocessing.ts', async (load) => {
  const real = await load<typeof fitting>();
  return { fitPreprocessing: vi.fn(real.fitPreprocessing) };
});

let artifactDirectory: string;
beforeEach(async () => {
  artifactDirectory = await mkdtemp(join(tmpdir(), 'prepared-'));
  vi.mocked(fitPreprocessing).mockClear();
});

const whitened: ExperimentInput = {
  schemaVersion: 1,
  name: 'whitened rings',
  data: {
    dataset: 'circles',
    generator: { trainExamples: 80, testExamples: 20, noise: 0.05, seed: 1 },
  },
  preprocessing: [{ kind: 'zca-whitening', epsilon: 0.01 }],
};
const net: Partial<ExperimentInput> = {
  model: {
    layers: [
      { kind: 'dense', units: 6, activation: 'tanh' },
      { kind: 'dense', units: 2 },
    ],
  },
  training: { optimizer: { kind: 'adam', learningRate: 0.02 }, batchSize: 10, epochs: 3 },
};
const svm: Partial<ExperimentInput> = { svm: { kernel: 'rbf' } };

async function run(
  change: Partial<ExperimentInput>,
  rest: Partial<Pick<TrainingJob, 'preprocessing' | 'resume'>> = {},
): Promise<TrainerEvent[]> {
  const events: TrainerEvent[] = [];
  const emit = (event: TrainerEvent): void => void events.push(trainerEvent.parse(structuredClone(event)));
  const job: TrainingJob = {
    runId: 'run0123456789',
    experiment: experiment.parse({ ...whitened, ...change }),
    seed: 4,
    engine: { choice: 'cpu', threads: null, device: 'auto' },
    artifactDirectory,
    cacheDirectory: artifactDirectory,
    datasetDirectory: artifactDirectory,
    preprocessing: null,
    resume: null,
    ...rest,
  };
  await new Trainer({ openEngine, appVersion: '1.2.3', emit }).receive({ kind: 'start', job });
  return events;
}

const startOf = (events: readonly TrainerEvent[]) => events.find((event) => event.kind === 'started')!;
const epochsOf = (events: readonly TrainerEvent[]) => events.filter((event) => event.kind === 'epoch');
const pointsOf = (events: readonly TrainerEvent[]) =>
  events.flatMap((event) => ('points' in event ? event.points : []));

/** What a studio would send after the run was killed in its second epoch. */
function afterKill(events: readonly TrainerEvent[]): Pick<TrainingJob, 'preprocessing' | 'resume'> {
  const { provenance, preprocessing } = startOf(events);
  const { executor, stepsPerCall } = provenance;
  return {
    preprocessing,
    resume: { checkpoint: epochsOf(events)[0]!.epoch.checkpoint!, executor, stepsPerCall },
  };
}

/** Leaves a file at the artifact that is none. */
function damage({ path }: Artifact): Promise<void> {
  return writeFile(join(artifactDirectory, path), 'nothing of use');
}

describe('the preparation of a run', () => {
  it('is fitted once, and on the disk when the run says that it started', async () => {
    const events = await run(net);
    expect(fitPreprocessing).toHaveBeenCalledTimes(1);
    const { preprocessing } = startOf(events);
    expect(preprocessing).toMatchObject({
      kind: 'preprocessing',
      path: 'runs/run0123456789/preprocessing.json',
    });
  });

  it('is no file where nothing is prepared', async () => {
    expect(startOf(await run({ ...net, preprocessing: [] })).preprocessing).toBeNull();
  });

  it('is taken as it is when the run goes on, to the same numbers', async () => {
    const whole = await run(net);
    vi.mocked(fitPreprocessing).mockClear();
    const job = afterKill(whole);
    const resumed = await run(net, job);
    expect(fitPreprocessing).not.toHaveBeenCalled();
    expect(startOf(resumed).preprocessing).toEqual(job.preprocessing);
    const rest = pointsOf(whole).filter(({ epoch }) => epoch > 1);
    expect(pointsOf(resumed)).toEqual(rest);
    expect(rest.length).toBeGreaterThan(4);
  });

  it('is fitted and stored by a resumed run that has none yet', async () => {
    const whole = await run(net);
    const resumed = await run(net, { ...afterKill(whole), preprocessing: null });
    expect(startOf(resumed).preprocessing).toEqual(startOf(whole).preprocessing);
  });

  it('is kept by a support vector machine that begins anew', async () => {
    const whole = await run(svm);
    vi.mocked(fitPreprocessing).mockClear();
    const again = await run(svm, { preprocessing: startOf(whole).preprocessing });
    expect(fitPreprocessing).not.toHaveBeenCalled();
    expect(pointsOf(again)).toEqual(pointsOf(whole));
    expect(pointsOf(whole).map(({ value }) => value! > 0.9)).toEqual([true, true, true]);
  });

  it.each([
    ['net', net],
    ['support vector machine', svm],
  ])('stops a %s where its file is damaged', async (_, change) => {
    const job = afterKill(await run(change));
    await damage(job.preprocessing!);
    const events = await run(change, job);
    const failed = events.find((event) => event.kind === 'failed');
    expect(failed?.failure).toMatchObject({
      code: 'data-damaged',
      details: { file: 'runs/run0123456789/preprocessing.json' },
    });
    expect(failed?.failure.message).toContain('start the run anew');
  });
});
