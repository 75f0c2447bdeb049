import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';
import type { SearchPoint } from '../../src/shared/schema/study.ts';
import type { OptimizerSpec } from '../../src/shared/schema/training.ts';
import { loadDataset } from '../../src/main/data/index.ts';
import type { LoadedDataset } from '../../src/main/data/loaded-dataset.ts';
import { membersOf } from '../../src/main/search/members.ts';
import { createSampler } from '../../src/main/search/samplers/index.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import { prepareRun, type PreparedRun } from '../../src/main/training/prepare-run.ts';

/** Seed of the points, the folds, the first weights and the order of examples; the studio's dropout has it too. */
export const SEARCH_SEED = 1;
/** The search that is run a part of. */
export const SEARCH_EXPERIMENT = 'a1-noisy-search';

/** One drawn point, as the peers train it on each fold. */
export interface Configuration {
  /** Number of the trial. */
  readonly number: number;
  /** Units of the hidden layers. */
  readonly widths: readonly number[];
  /** Share of units that is dropped after each hidden layer. */
  readonly dropout: readonly number[];
  readonly batchSize: number;
  readonly epochs: number;
  readonly optimizer: OptimizerSpec;
}

/** A part of the search as everybody trains it. */
export interface SearchInputs {
  readonly folder: string;
  /** What the studio searches. */
  readonly experiment: Experiment;
  /** Of all trials, by number. */
  readonly points: readonly SearchPoint[];
  /** What the peers train: all trials, or those of some kinds. */
  readonly configurations: readonly Configuration[];
  readonly folds: number;
  /** Steps of all nets. */
  readonly steps: number;
}

/** How much of the search is taken. */
export interface SearchPart {
  /** The first trials that the sampler draws. */
  readonly trials: number;
  /** Epochs are divided by it, rounded up; 1 for the search as it is. */
  readonly epochsDividedBy: number;
  /** False leaves dropout out, the only chance in which contestants differ. */
  readonly dropout: boolean;
  /** Of the kinds of nets (see {@link everyNthKind}) the peers get every so many-th; 1 for all. */
  readonly everyKind: number;
}

type Parameter = NonNullable<Experiment['search']>['parameters'][number];

function changeParameter(parameter: Parameter, { epochsDividedBy, dropout }: SearchPart): Parameter {
  if (parameter.kind === 'choice' && parameter.paths.includes('training.epochs')) {
    return {
      ...parameter,
      values: parameter.values.map((epochs) => Math.ceil(Number(epochs) / epochsDividedBy)),
    };
  }
  if (parameter.kind === 'uniform' && parameter.name === 'dropout' && !dropout) {
    return { ...parameter, minimum: 0, maximum: 0 };
  }
  return parameter;
}

/** The search with fewer and smaller trials, where asked for; its points are the first of the whole search's. */
async function partialSearch(root: string, part: SearchPart): Promise<Experiment> {
  const path = join(root, 'resources', 'experiments', `${SEARCH_EXPERIMENT}.json`);
  const whole = experiment.parse(JSON.parse(await readFile(path, 'utf8')));
  const search = whole.search!;
  const parameters = search.parameters.map((parameter) => changeParameter(parameter, part));
  return { ...whole, search: { ...search, parameters, sampler: { kind: 'random', trials: part.trials } } };
}

/** What configurations must have in common to share a compiled program: sizes, batch size and kind of optimizer. */
export function kindOf({ widths, batchSize, optimizer }: Configuration): string {
  return JSON.stringify([widths, batchSize, optimizer.kind]);
}

/** All configurations of every n-th kind, so that a part has as many nets of a kind as the whole. */
export function everyNthKind(configurations: readonly Configuration[], n: number): Configuration[] {
  const kinds = [...new Set(configurations.map(kindOf))];
  return configurations.filter((configuration) => kinds.indexOf(kindOf(configuration)) % n === 0);
}

function configurationOf(number: number, { experiment: resolved }: PreparedRun): Configuration {
  const { layers } = resolved.model;
  const { batchSize, epochs, optimizer } = resolved.training;
  return {
    number,
    widths: layers.flatMap((layer) => (layer.kind === 'dense' ? [layer.units] : [])).slice(0, -1),
    dropout: layers.flatMap((layer) => (layer.kind === 'dropout' ? [layer.rate] : [])),
    batchSize,
    epochs,
    optimizer,
  };
}

function firstWeights({ step }: PreparedRun): Float32Array[] {
  return step.state.filter(({ role }) => role === 'parameter').map(({ values }) => values);
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Rows of each fold: `order-K.i32`, the training rows as each epoch visits them, and `dev-K.i32`. */
async function writeFolds(folder: string, nets: readonly PreparedRun[], epochs: number): Promise<void> {
  for (const [fold, { split }] of nets.entries()) {
    const orders = Array.from({ length: epochs }, (_, epoch) =>
      bytesOf(epochOrder(split.train, SEARCH_SEED, epoch + 1)),
    );
    await writeFile(join(folder, `order-${fold}.i32`), Buffer.concat(orders));
    await writeFile(join(folder, `dev-${fold}.i32`), bytesOf(split.dev));
  }
}

async function writeExamples(folder: string, { train }: LoadedDataset): Promise<void> {
  await writeFile(join(folder, 'features.f32'), bytesOf(train.features.values));
  await writeFile(join(folder, 'targets.f32'), bytesOf(train.targets[0]!));
}

/**
 * Draws a part of the search as the studio will, and writes what the peers need to train the same nets on the same
 * examples in the same order (see bench/peers/search_common.py): search.json the configurations, weights.f32 each one's
 * first weights, features.f32, targets.f32, and the rows of each fold.
 */
export async function writeSearchInputs(
  root: string,
  folder: string,
  part: SearchPart,
): Promise<SearchInputs> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const whole = await partialSearch(root, part);
  const search = whole.search!;
  const dataset = await loadDataset(whole.data, join(folder, 'datasets'));
  const sampler = createSampler(search, SEARCH_SEED);
  const points = Array.from({ length: part.trials }, (_, trial) => sampler.draw(trial, []));
  const nets = points.map((point, trial) =>
    membersOf(whole, search, SEARCH_SEED, trial, point, dataset.train.exampleCount).map((member) =>
      prepareRun(member.experiment, member.seed, dataset),
    ),
  );
  const drawn = nets.map((folds, trial) => configurationOf(trial, folds[0]!));
  const configurations = everyNthKind(drawn, part.everyKind);
  const trained = configurations.map(({ number }) => nets[number]!);
  // Folds of a trial have the same seed, so they begin with the same weights.
  const weights = trained.flatMap((folds) => firstWeights(folds[0]!).map(bytesOf));
  await writeFile(join(folder, 'search.json'), JSON.stringify({ folds: search.folds, configurations }));
  await writeFile(join(folder, 'weights.f32'), Buffer.concat(weights));
  await writeExamples(folder, dataset);
  await writeFolds(folder, nets[0]!, Math.max(...configurations.map(({ epochs }) => epochs)));
  const stepsOf = (net: PreparedRun): number => net.stepsPerEpoch * net.experiment.training.epochs;
  const steps = trained.flat().reduce((sum, net) => sum + stepsOf(net), 0);
  return { folder, experiment: whole, points, configurations, folds: search.folds, steps };
}
