import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeStandIns } from '../../src/main/data/dataset-test-kit.ts';
import { openEngine } from '../../src/main/engine/index.ts';
import { cacheDirectory } from '../../src/main/host/paths.ts';
import { Trainer } from '../../src/main/trainer/trainer.ts';
import type { TrainerEvent } from '../../src/main/training/events.ts';
import { resolveVariant, variantIds } from '../../src/shared/experiment/resolve-variant.ts';
import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'experiments');
const files = readdirSync(folder).map((name) => ({
  id: name.replace(/\.json$/, ''),
  whole: experiment.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
}));

/** Every id that ../shared/experiments.md gives a row or a paragraph, written out. */
const reportIds = [
  ...[
    'A1',
    'A2',
    'B1',
    'B2',
    'C1',
    'C2',
    'C3',
    'D',
    'E1',
    'E2',
    'E3',
    'E4',
    'E5',
    'E6',
    'E7',
    'E8',
    'F',
    'G',
    'H',
  ],
  ...['I1', 'I2', 'I3', 'I4', 'J', 'K0', 'K1', 'K1b', 'K2', 'K2b', 'K3', 'K3b', 'K4', 'K5'],
];

/** Of a sweep of dozens of nets that differ only in numbers, every so many are run here. */
const MOST_VARIANTS = 20;

function sampleVariants(whole: Experiment): readonly (string | null)[] {
  const ids = variantIds(whole);
  const every = Math.ceil(ids.length / MOST_VARIANTS);
  return ids.filter((_, index) => index % every === 0);
}

const runs = files.flatMap(({ id, whole }) =>
  sampleVariants(whole).map((variant) => ({
    id,
    variant,
    label: variant === null ? id : `${id}, ${variant}`,
    whole,
  })),
);

/** One epoch over a few examples, everything else as it is. */
function shrink(whole: Experiment): Experiment {
  const { split } = whole.data;
  const isOnePart = split.testExamples !== null;
  const small = isOnePart ? {} : { trainLimit: 48, testLimit: 24 };
  const devExamples = split.devExamples === null || isOnePart ? split.devExamples : 16;
  return {
    ...whole,
    data: { ...whole.data, split: { ...split, ...small, devExamples } },
    lab: whole.lab?.kind === 'initialisation' ? { ...whole.lab, batchSize: 16 } : whole.lab,
    training: {
      ...whole.training,
      epochs: 1,
      warmUpEpochs: 0,
      batchSize: Math.min(whole.training.batchSize, 24),
    },
  };
}

let work = '';
let datasetDirectory = '';
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'report-experiments-'));
  datasetDirectory = join(work, 'datasets');
  await storeStandIns(datasetDirectory, { trainExamples: 1_400, testExamples: 60 });
});
afterAll(() => rmSync(work, { recursive: true }));

async function runOnce(whole: Experiment): Promise<TrainerEvent[]> {
  const events: TrainerEvent[] = [];
  const trainer = new Trainer({ openEngine, appVersion: '0.0.0', emit: (event) => void events.push(event) });
  const job = {
    runId: 'run0123456789',
    experiment: whole,
    seed: 1,
    engine: { choice: 'auto', threads: null, device: 'auto' },
    artifactDirectory: work,
    cacheDirectory: cacheDirectory(),
    datasetDirectory,
    resume: null,
  } as const;
  await trainer.receive({ kind: 'start', job });
  return events;
}

describe('the experiments of the five reports', () => {
  it.each(reportIds)('%s has a file', (id) => {
    const found = files.filter(({ whole }) => whole.reference?.ids.includes(id));
    expect(found.length).toBeGreaterThan(0);
  });

  it.each(runs)('$label runs an epoch on data of its shape', async ({ whole, variant }) => {
    const events = await runOnce(shrink(resolveVariant(whole, variant)));
    const failure = events.find((event) => event.kind === 'failed')?.failure.message;
    expect(failure).toBeUndefined();
    expect(events.filter((event) => event.kind === 'epoch')).toHaveLength(1);
    expect(events.at(-1)?.kind).toBe('finished');
  });
});
