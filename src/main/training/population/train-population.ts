import type { Engine, EvaluationProgram, TrainingCall, TrainingProgram } from '../../engine/engine.ts';
import { planCall } from '../call-plan.ts';
import { epochOrder } from '../epoch-order.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { createPopulation, type Population } from './population-step.ts';

/** One net's numbers after an epoch, or at its end. */
export interface MemberMeasure {
  /** Place among the nets that were given. */
  readonly member: number;
  readonly epoch: number;
  /** Of dev, by measure in the order of the objective's: the loss first. NaN where not finite. */
  readonly dev: readonly number[];
  /** Mean training loss of the epoch. */
  readonly trainLoss: number;
}

export interface PopulationOptions {
  readonly engine: Engine;
  /** Nets of one population key. */
  readonly members: readonly PreparedRun[];
  /** Epochs after which dev is measured; the last of each net always is. */
  readonly measureEvery: number;
  /** Told of each net that is measured; returns the nets that need not go on. */
  readonly onMeasured: (measures: readonly MemberMeasure[]) => Iterable<number>;
  /** Told of each net that has ended, with its last measure. */
  readonly onEnded: (last: MemberMeasure, pruned: boolean) => void;
  /** Asked before each epoch; true ends the work. */
  readonly isCancelled: () => boolean;
  /** Told after each epoch, when all of its nets' ends are told. */
  readonly onEpoch?: () => void;
  readonly onSteps?: (netSteps: number) => void;
}

/** Nets that train together from here to the next change of their number. */
interface Pack {
  /** Places among the nets that were given. */
  readonly places: readonly number[];
  readonly population: Population;
  readonly program: TrainingProgram;
  readonly evaluation: EvaluationProgram | null;
}

/**
 * Trains nets as one until each has had its epochs or is not wanted any more. When nets end, the others go on in a
 * smaller program, with the state they have: each net's numbers are those it would have alone.
 */
export async function trainPopulation(options: PopulationOptions): Promise<void> {
  const { members, engine } = options;
  let going = members.map((_, place) => place);
  let pack = await openPack(engine, members, going);
  let epoch = 0;
  let step = 0;
  try {
    while (going.length > 0 && !options.isCancelled()) {
      epoch += 1;
      const trainLosses = await trainEpoch(pack, epoch, step, options);
      step += stepsPerEpoch(members[0]!);
      const ended = await endEpoch(pack, epoch, trainLosses, options);
      options.onEpoch?.();
      if (ended.size === 0) continue;
      going = going.filter((place) => !ended.has(place));
      if (going.length > 0) pack = await repack(pack, options, going);
    }
  } finally {
    closePack(pack);
  }
}

function stepsPerEpoch({ stepsPerEpoch: steps }: PreparedRun): number {
  return steps;
}

async function openPack(
  engine: Engine,
  members: readonly PreparedRun[],
  places: readonly number[],
): Promise<Pack> {
  const population = createPopulation(places.map((place) => members[place]!));
  const [first] = population.members as readonly [PreparedRun, ...PreparedRun[]];
  const { batchSize, epochs } = first.experiment.training;
  const program = await engine.createTrainingProgram(population.step, {
    batchSize: batchSize * places.length,
    plannedSteps: first.stepsPerEpoch * epochs,
    hasConvolutions: false,
    executor: 'graph',
  });
  const devCount = first.split.dev.length;
  const evaluation =
    devCount === 0
      ? null
      : await engine.createEvaluationProgram(population.evaluation, program, devCount * places.length);
  return { places, population, program, evaluation };
}

function closePack({ program, evaluation }: Pack): void {
  evaluation?.dispose();
  program.dispose();
}

/** Goes on with fewer nets: their rows of the state, in a program of their size. */
async function repack(
  pack: Pack,
  { engine, members }: PopulationOptions,
  going: readonly number[],
): Promise<Pack> {
  const state = await pack.program.readState();
  closePack(pack);
  const next = await openPack(engine, members, going);
  const kept = going.map((place) => pack.places.indexOf(place));
  await next.program.writeState(
    state.map((tensor) => {
      const size = tensor.values.length / pack.places.length;
      const values = new Float32Array(size * kept.length);
      kept.forEach((row, at) => values.set(tensor.values.subarray(row * size, (row + 1) * size), at * size));
      return { ...tensor, shape: [kept.length, ...tensor.shape.slice(1)], values };
    }),
  );
  return next;
}

/** Each net's rows of a call, step by step, net after net. */
function joinCalls(calls: readonly TrainingCall[]): TrainingCall {
  const [first] = calls as readonly [TrainingCall, ...TrainingCall[]];
  const { steps, batchSize } = first;
  const indices = new Int32Array(steps * batchSize * calls.length);
  for (let step = 0; step < steps; step++) {
    calls.forEach((call, member) => {
      const rows = call.indices.subarray(step * batchSize, (step + 1) * batchSize);
      indices.set(rows, (step * calls.length + member) * batchSize);
    });
  }
  return { ...first, indices, batchSize: batchSize * calls.length };
}

/** Mean training loss of each net over the epoch. */
async function trainEpoch(
  { population, program }: Pack,
  epoch: number,
  firstStep: number,
  { onSteps }: PopulationOptions,
): Promise<Float64Array> {
  const { members, rule } = population;
  const orders = members.map(({ split, seed }) => epochOrder(split.train, seed, epoch));
  const { batchSize, dropLastBatch } = members[0]!.experiment.training;
  const layout = { batchSize, dropLastBatch, stepsPerCall: program.stepsPerCall };
  const sums = new Float64Array(members.length);
  let position = 0;
  let step = firstStep;
  for (;;) {
    const calls = orders.map((order) => planCall(order, position, step, layout, rule.scalars));
    if (calls[0] === null) break;
    const call = joinCalls(calls as TrainingCall[]);
    const losses = await program.run(call);
    const rows = call.batchSize / members.length;
    losses.forEach((loss, at) => (sums[at % members.length]! += loss * rows));
    position += rows * call.steps;
    step += call.steps;
    onSteps?.(call.steps * members.length);
  }
  return sums.map((sum) => sum / position);
}

/** Measures what is due, tells it, and returns the places of the nets that have ended. */
async function endEpoch(
  pack: Pack,
  epoch: number,
  trainLosses: Float64Array,
  options: PopulationOptions,
): Promise<Set<number>> {
  const isLast = (place: number): boolean => options.members[place]!.experiment.training.epochs <= epoch;
  const isDue = options.measureEvery > 0 && epoch % options.measureEvery === 0;
  if (!isDue && !pack.places.some(isLast)) return new Set();
  const dev = await measureDev(pack);
  const measures = pack.places.map((member, row): MemberMeasure => ({
    member,
    epoch,
    dev: dev[row] ?? [],
    trainLoss: trainLosses[row]!,
  }));
  const unwanted = new Set(isDue ? options.onMeasured(measures) : []);
  const ended = new Set<number>();
  for (const measure of measures) {
    const pruned = unwanted.has(measure.member) && !isLast(measure.member);
    if (!pruned && !isLast(measure.member)) continue;
    ended.add(measure.member);
    options.onEnded(measure, pruned);
  }
  return ended;
}

/** The measures of every net on its own dev part; empty without one. */
async function measureDev({ population, evaluation }: Pack): Promise<number[][]> {
  const { members } = population;
  if (evaluation === null) return [];
  const rows = members[0]!.split.dev.length;
  const indices = new Int32Array(rows * members.length);
  members.forEach(({ split }, member) => indices.set(split.dev, member * rows));
  const sums = await evaluation.run(indices);
  const measures = members[0]!.measures;
  return members.map((_, member) =>
    measures.map((measure, at) => measure.finish(sums[at * members.length + member]! / rows)),
  );
}
