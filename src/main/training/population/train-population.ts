import type { Engine, StateTensor } from '../../engine/engine.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { CohortQueue, type WaitingNet } from './cohort-queue.ts';
import { PopulationProgram } from './population-program.ts';
import { createPopulationRule, type PopulationRule } from './population-rule.ts';
import { memberState } from './population-state.ts';

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
  /** Nets that train at the same time; from 2 on, a net's numbers do not depend on it. */
  readonly places: number;
  /** Epochs after which dev is measured, the last of each net in any case; null for some points of each net's curve. */
  readonly measureEvery: number | null;
  /** Told of each net that is measured; returns the nets that need not go on. */
  readonly onMeasured: (measures: readonly MemberMeasure[]) => Iterable<number>;
  /** Told of each net that has ended, with its last measure. */
  readonly onEnded: (last: MemberMeasure, pruned: boolean) => void;
  /** Told after each epoch that is measured, when all of its nets' ends are told. */
  readonly onEpoch?: () => void;
  readonly onSteps?: (netSteps: number) => void;
}

/** Points of a learning curve that nobody asks for in particular. */
const POINTS_OF_A_CURVE = 20;

/** Nets that train together, each at a place of a program. */
interface Cohort {
  readonly program: PopulationProgram;
  /** The net at each place; some may have ended, and some fill a place that no net wants. */
  readonly places: readonly number[];
  readonly going: Set<number>;
  epoch: number;
}

/**
 * Trains nets as populations until each has had its epochs or is not wanted any more: each net's numbers are those it
 * would have alone. Programs have a fixed number of places and are compiled once; the nets take turns in them. When
 * half of a program's nets have ended the others step aside at their epoch, until more of that epoch are there.
 */
export async function trainPopulation(options: PopulationOptions): Promise<void> {
  const { members, places } = options;
  const rule = createPopulationRule(members[0]!.experiment.training.optimizer);
  const epochsOf = ({ place }: WaitingNet): number => members[place]!.experiment.training.epochs;
  const seedOf = ({ place }: WaitingNet): number => members[place]!.seed;
  const queue = new CohortQueue(
    members.map((_, place) => ({ place, epoch: 0, state: null })),
    // Nets that end together do not leave places empty, and those of one seed share a program.
    (a, b) => epochsOf(b) - epochsOf(a) || seedOf(a) - seedOf(b) || a.place - b.place,
  );
  const programs = new Map<string, PopulationProgram>();
  try {
    while (queue.size > 0) {
      const cohort = await seat(options, rule, programs, queue.take(places), places);
      await trainCohort(options, cohort, queue);
    }
  } finally {
    for (const program of programs.values()) program.dispose();
  }
}

/** Puts nets into a program that is there for their seeds, or a new one. Empty places train the first net again. */
async function seat(
  { engine, members }: PopulationOptions,
  rule: PopulationRule,
  programs: Map<string, PopulationProgram>,
  nets: readonly WaitingNet[],
  count: number,
): Promise<Cohort> {
  const filled = Array.from({ length: count }, (_, place) => nets[place] ?? nets[0]!);
  const runs = filled.map(({ place }) => members[place]!);
  const states = filled.map(({ place, state }) => state ?? memberState(members[place]!, rule));
  const key = runs.map(({ seed }) => seed).join();
  const known = programs.get(key);
  if (known === undefined) {
    programs.set(key, await PopulationProgram.open({ engine, rule, members: runs, states }));
  } else await known.seat(runs, states);
  return {
    program: programs.get(key)!,
    places: filled.map(({ place }) => place),
    going: new Set(nets.map(({ place }) => place)),
    epoch: nets[0]!.epoch,
  };
}

/** Epochs between a net's measurements: of the net alone, so that its curve does not tell what it trained with. */
function measuredEvery({ members, measureEvery }: PopulationOptions, member: number): number {
  return measureEvery ?? Math.ceil(members[member]!.experiment.training.epochs / POINTS_OF_A_CURVE);
}

/** Trains a cohort until its nets have ended, or have stepped aside. */
async function trainCohort(options: PopulationOptions, cohort: Cohort, queue: CohortQueue): Promise<void> {
  const { onSteps } = options;
  const { program, places, going } = cohort;
  while (going.size > 0) {
    const to = nextEvent(options, cohort);
    const losses = await program.train({ from: cohort.epoch, to }, (steps) => onSteps?.(steps * going.size));
    cohort.epoch = to;
    await endEpoch(options, cohort, losses);
    options.onEpoch?.();
    const isThin = going.size > 0 && going.size * 2 <= places.length;
    if (isThin && queue.mayJoin(to)) {
      queue.putBack(await stepAside(cohort));
      return;
    }
  }
}

/** The epoch at which a net is measured or ends next. */
function nextEvent(options: PopulationOptions, { going, epoch }: Cohort): number {
  const events = [...going].map((member) => {
    const every = measuredEvery(options, member);
    const measured = (Math.floor(epoch / every) + 1) * every;
    return Math.min(measured, options.members[member]!.experiment.training.epochs);
  });
  return Math.min(...events);
}

async function stepAside({ program, places, going, epoch }: Cohort): Promise<WaitingNet[]> {
  const states: readonly (readonly StateTensor[])[] = await program.readStates();
  return [...going].map((place) => ({ place, epoch, state: states[places.indexOf(place)]! }));
}

/** Measures the nets that are due, tells it, and lets those go that have ended. */
async function endEpoch(
  options: PopulationOptions,
  { program, places, going, epoch }: Cohort,
  losses: Float64Array,
): Promise<void> {
  const isLast = (member: number): boolean => options.members[member]!.experiment.training.epochs <= epoch;
  const isDue = (member: number): boolean => epoch % measuredEvery(options, member) === 0;
  const dev = await program.measureDev();
  const measures = [...going]
    .filter((member) => isLast(member) || isDue(member))
    .map((member): MemberMeasure => {
      const place = places.indexOf(member);
      return { member, epoch, dev: dev[place]!, trainLoss: losses[place]! };
    });
  const due = measures.filter(({ member }) => isDue(member));
  const unwanted = new Set(due.length > 0 ? options.onMeasured(due) : []);
  for (const measure of measures) {
    const { member } = measure;
    if (!isLast(member) && !unwanted.has(member)) continue;
    going.delete(member);
    options.onEnded(measure, !isLast(member));
  }
}
