/**
 * `npm run bench -- asha [--seeds 20] [--first 1] [--home FOLDER]`: A1's search whole and with successive halving; writes
 * docs/benchmarks-asha.md and its summary in docs/benchmarks.md (with fewer than 20 seeds: into the cache folder). The whole
 * searches stay in the folder: what is there is not trained again, and one that was interrupted goes on.
 */
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import { datasetInfo, loadDataset, splitCounts } from '../src/main/data/index.ts';
import { measureEvery } from '../src/main/search/pruners.ts';
import { openStore } from '../src/main/store/open-store.ts';
import { experiment as experimentSchema, type Experiment } from '../src/shared/schema/experiment.ts';
import { prunerSpec } from '../src/shared/schema/search.ts';
import type { StudySummary } from '../src/shared/schema/study.ts';
import {
  ASHA_HEADING,
  formatAshaReport,
  formatAshaSummary,
  isBorneOut,
  type AshaResults,
  type SeedResult,
} from './asha/asha-report.ts';
import { replayStudy, type ReplayOptions, type StudyOutcome } from './asha/replay-study.ts';
import { testLosses } from './asha/test-losses.ts';
import { wholeStudy } from './asha/whole-study.ts';
import { machineLine } from './machine.ts';
import { withSection } from './report-sections.ts';

const ALL_SEEDS = 20;
/** Its measurements, every fifth epoch, are at most as many as a stored curve keeps of 500 epochs. */
const MINIMUM_EPOCHS = 25;
const REDUCTION_FACTOR = 4;
const HALVING = prunerSpec.parse({
  kind: 'asha',
  minimumEpochs: MINIMUM_EPOCHS,
  reductionFactor: REDUCTION_FACTOR,
});

const tell = (text: string): void => void process.stderr.write(`\r\u001b[K${text}`);
const say = (text: string): void => tell(`${text}\n`);

type Untested = Omit<SeedResult, 'whole' | 'halved'> & {
  readonly studyId: string;
  readonly whole: Omit<SeedResult['whole'], 'testLoss'>;
  readonly halved: Omit<SeedResult['halved'], 'testLoss'>;
};

async function readExperiment(): Promise<Experiment> {
  const path = join(projectRoot(), 'resources', 'experiments', 'a1-noisy-search.json');
  return experimentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

function winnerOf({ summary }: Pick<StudyOutcome, 'summary'>): Untested['whole'] {
  if (summary.bestTrial === null || summary.bestValue === null) throw new Error('no trial came to its end');
  return { epochs: summary.epochsDone, trial: summary.bestTrial, loss: summary.bestValue };
}

function compare(summary: StudySummary, options: ReplayOptions): Untested {
  const halved = replayStudy(options, HALVING);
  const whole = winnerOf({ summary });
  const [best] = options.store.studies.trials(summary.id, whole.trial, 1);
  const { trialsDone: finished, trialsPruned: pruned } = halved.summary;
  return {
    seed: summary.seed,
    studyId: summary.id,
    whole,
    halved: { ...winnerOf(halved), finished, pruned },
    standardError: best!.standardError!,
  };
}

async function compareAll(
  home: string,
  seeds: readonly number[],
  experiment: Experiment,
): Promise<Untested[]> {
  const datasetDirectory = join(home, 'datasets');
  const dataset = await loadDataset(experiment.data, datasetDirectory);
  const { split } = experiment.data;
  const counts = splitCounts({ ...split, fold: undefined }, datasetInfo(experiment.data, datasetDirectory));
  const available = counts.train + counts.dev;
  const workers = availableParallelism();
  const every = measureEvery({ ...experiment.search!, pruner: HALVING })!;
  const store = openStore(home);
  const results: Untested[] = [];
  try {
    for (const seed of seeds) {
      const options = { store, home, experiment, seed, workers, available, tell, measureEvery: every };
      const summary = await wholeStudy(options);
      const result = compare(summary, { store, studyId: summary.id, dataset, available, workers });
      const { whole, halved } = result;
      say(
        `seed ${seed}: whole ${whole.epochs} epochs, trial ${whole.trial} with ${whole.loss.toFixed(4)}; ` +
          `halved ${halved.epochs}, trial ${halved.trial} with ${halved.loss.toFixed(4)}`,
      );
      results.push(result);
    }
    return results;
  } finally {
    store.close();
  }
}

async function openTests(home: string, results: readonly Untested[]): Promise<SeedResult[]> {
  const wanted = results.flatMap(({ studyId, whole, halved }) => [
    { studyId, trial: whole.trial },
    { studyId, trial: halved.trial },
  ]);
  tell('testing the winners');
  const losses = await testLosses(home, wanted);
  return results.map(({ studyId: _, whole, halved, ...rest }, at) => ({
    ...rest,
    whole: { ...whole, testLoss: losses[2 * at]! },
    halved: { ...halved, testLoss: losses[2 * at + 1]! },
  }));
}

async function write(results: AshaResults): Promise<void> {
  const report = formatAshaReport(results);
  process.stdout.write(report);
  const isWhole = results.seeds.length >= ALL_SEEDS;
  const folder = isWhole ? join(projectRoot(), 'docs') : join(cacheDirectory(), 'bench');
  await writeFile(join(folder, 'benchmarks-asha.md'), report);
  say(`Written to ${join(folder, 'benchmarks-asha.md')}`);
  if (!isWhole) return;
  const path = join(folder, 'benchmarks.md');
  await writeFile(path, withSection(await readFile(path, 'utf8'), ASHA_HEADING, formatAshaSummary(results)));
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`benchmark: --${name} is "${text}", expected a whole number from 1 on`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: String(ALL_SEEDS) },
      first: { type: 'string', default: '1' },
      home: { type: 'string' },
    },
  });
  const [count, first] = [wholeNumber('seeds', values.seeds), wholeNumber('first', values.first)];
  const seeds = Array.from({ length: count }, (_, at) => first + at);
  const home = values.home ?? join(cacheDirectory(), 'bench', 'asha');
  mkdirSync(home, { recursive: true });
  const experiment = await readExperiment();
  const tested = await openTests(home, await compareAll(home, seeds, experiment));
  const { sampler, folds } = experiment.search!;
  const results: AshaResults = {
    date: new Date().toISOString().slice(0, 10),
    machine: machineLine(),
    ...{ minimumEpochs: MINIMUM_EPOCHS, reductionFactor: REDUCTION_FACTOR, folds },
    trials: sampler.kind === 'grid' ? 0 : sampler.trials,
    seeds: tested,
  };
  await write(results);
  if (!isBorneOut(results)) process.exitCode = 1;
}

await main();
