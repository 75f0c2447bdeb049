import { toWireError } from '../../../shared/ipc/errors.ts';
import type { LoadedDataset } from '../../data/loaded-dataset.ts';
import type { Engine, EvaluationProgram, EvaluationStep } from '../../engine/engine.ts';
import { CheckpointFiles } from '../checkpoint-files.ts';
import { TrainingControls } from '../controls.ts';
import type { TrainerEvent } from '../events.ts';
import { materialiseRun, prepareRun, type PreparedRun } from '../prepare-run.ts';
import { RunClock } from '../run-clock.ts';
import { train } from '../training-loop.ts';
import { MemberCurve } from './member-curve.ts';
import type { MemberBatch, MemberJob, MemberOutcome, SearcherEvent } from './member-jobs.ts';
import { populationKey } from './numbers.ts';
import { placesFor } from './places.ts';
import { trainPopulation } from './train-population.ts';
import type { UnwantedNets } from './unwanted-nets.ts';

export interface MembersSession {
  readonly batch: MemberBatch;
  readonly engine: Engine;
  load(job: MemberJob): Promise<LoadedDataset>;
  readonly emit: (event: SearcherEvent) => void;
  /** Others may be added while it trains. */
  readonly unwanted: Pick<UnwantedNets, 'has' | 'watch'>;
}

/** A net worked out on paper. */
interface Planned {
  readonly job: MemberJob;
  readonly run: PreparedRun;
}

function failed(key: string, error: unknown, startMs: number): MemberOutcome {
  return {
    key,
    state: 'failed',
    epochs: 0,
    values: [],
    curve: [],
    durationMs: performance.now() - startMs,
    failure: toWireError(error),
  };
}

/**
 * Trains the nets of a batch and tells what came of each: those that may train as one population do so, the others one
 * after the other. A net that fails is told as failed and stops no other.
 */
export async function trainMembers(session: MembersSession): Promise<void> {
  const groups = new Map<string, Planned[]>();
  const alone: Planned[] = [];
  for (const job of session.batch.members) {
    const planned = await plan(session, job);
    if (planned === null) continue;
    const key = populationKey(planned.run);
    if (key === null) alone.push(planned);
    else groups.set(key, [...(groups.get(key) ?? []), planned]);
  }
  for (const group of groups.values()) await trainGroup(session, group);
  for (const planned of alone) await trainAlone(session, planned);
}

async function plan(session: MembersSession, job: MemberJob): Promise<Planned | null> {
  const startMs = performance.now();
  try {
    return { job, run: prepareRun(job.experiment, job.seed, await session.load(job)) };
  } catch (error) {
    session.emit({ kind: 'ended', outcomes: [failed(job.key, error, startMs)] });
    return null;
  }
}

function curveOf({ batch }: MembersSession, { run }: Planned): MemberCurve {
  return new MemberCurve(
    batch.objectives,
    run.measures.map(({ name }) => name),
  );
}

async function trainGroup(session: MembersSession, group: readonly Planned[]): Promise<void> {
  const { batch, engine, emit, unwanted } = session;
  const startMs = performance.now();
  const members = group.map(({ run }) => run);
  const curves = group.map((planned) => curveOf(session, planned));
  const going = new Set(group.keys());
  const outcome = (member: number, epochs: number, state: 'finished' | 'pruned'): MemberOutcome => ({
    key: group[member]!.job.key,
    state,
    epochs,
    values: curves[member]!.values(),
    curve: curves[member]!.curve(),
    // A group's time belongs to all of its nets alike.
    durationMs: (performance.now() - startMs) / group.length,
    failure: null,
  });
  let told: MemberOutcome[] = [];
  const tell = (): void => {
    if (told.length > 0) emit({ kind: 'ended', outcomes: told });
    told = [];
  };
  try {
    await trainPopulation({
      engine,
      members,
      places: placesFor(members),
      measureEvery: batch.measureEvery,
      onMeasured: (measures) => {
        for (const { member, epoch, dev } of measures) curves[member]!.add(epoch, dev);
        emit({
          kind: 'measured',
          measures: measures.map(({ member, epoch }) => ({
            key: group[member]!.job.key,
            epoch,
            value: curves[member]!.latest,
          })),
        });
        return measures.map(({ member }) => member).filter((member) => unwanted.has(group[member]!.job.key));
      },
      onEnded: ({ member, epoch, dev }, pruned) => {
        curves[member]!.add(epoch, dev);
        going.delete(member);
        told.push(outcome(member, epoch, pruned ? 'pruned' : 'finished'));
      },
      onEpoch: tell,
      onSteps: (steps) => emit({ kind: 'steps', steps }),
    });
    tell();
  } catch (error) {
    tell();
    const outcomes = [...going].map((member) => failed(group[member]!.job.key, error, startMs));
    emit({ kind: 'ended', outcomes });
  }
}

/** Trains one net by the loop of ordinary runs; its checkpoints go into the scratch folder. */
async function trainAlone(session: MembersSession, planned: Planned): Promise<void> {
  const startMs = performance.now();
  const { emit } = session;
  try {
    emit({ kind: 'ended', outcomes: [await runLoop(session, planned, startMs)] });
  } catch (error) {
    emit({ kind: 'ended', outcomes: [failed(planned.job.key, error, startMs)] });
  }
}

/** Follows the events of a net that trains by itself. */
class LoneNet {
  readonly curve: MemberCurve;
  readonly controls = new TrainingControls();
  epochs = 0;
  readonly #session: MembersSession;
  readonly #planned: Planned;

  constructor(session: MembersSession, planned: Planned) {
    this.#session = session;
    this.#planned = planned;
    this.curve = curveOf(session, planned);
  }

  readonly hear = (event: TrainerEvent): void => {
    if (event.kind !== 'epoch' && event.kind !== 'finished') return;
    if (event.kind === 'epoch') this.epochs = event.epoch.epoch;
    const dev = event.points.filter(({ split }) => split === 'dev');
    if (dev.length === 0) return;
    const byName = new Map(dev.map(({ metric, value }) => [metric, value]));
    const { measures } = this.#planned.run;
    this.curve.add(
      this.epochs,
      measures.map(({ name }) => byName.get(name) ?? NaN),
    );
    if (event.kind === 'epoch') this.#tellMeasured();
  };

  #tellMeasured(): void {
    const { key } = this.#planned.job;
    const measure = { key, epoch: this.epochs, value: this.curve.latest };
    this.#session.emit({ kind: 'measured', measures: [measure] });
  }
}

async function runLoop(session: MembersSession, planned: Planned, startMs: number): Promise<MemberOutcome> {
  const { batch, unwanted } = session;
  const { key } = planned.job;
  const net = new LoneNet(session, planned);
  const opened = await openPrograms(session, planned);
  // Amid an epoch: one of a large net takes minutes.
  const unwatch = unwanted.watch(key, () => net.controls.ask('cancel'));
  try {
    const { prepared, program, dev, test } = opened;
    await train({
      runId: key,
      // A search never looks at the test part.
      prepared: { ...prepared, split: { ...prepared.split, test: new Int32Array(0) } },
      program,
      evaluators: { dev, test },
      files: new CheckpointFiles(batch.scratchDirectory, scratchName(key)),
      controls: net.controls,
      clock: new RunClock(0, 0),
      resume: null,
      emit: net.hear,
    });
  } finally {
    unwatch();
    opened.dispose();
  }
  return {
    key,
    state: net.controls.request === 'cancel' ? 'pruned' : 'finished',
    epochs: net.epochs,
    values: net.curve.values(),
    curve: net.curve.curve(),
    durationMs: performance.now() - startMs,
    failure: null,
  };
}

async function openPrograms({ engine }: MembersSession, { run }: Planned) {
  const prepared = await materialiseRun(run);
  const { training, evaluation } = prepared.experiment;
  const program = await engine.createTrainingProgram(prepared.step, {
    batchSize: training.batchSize,
    plannedSteps: prepared.stepsPerEpoch * training.epochs,
    hasConvolutions: prepared.avoidsXla,
  });
  const open: { dispose(): void }[] = [program];
  const dispose = (): void => open.reverse().forEach((one) => one.dispose());
  const evaluate = async (step: EvaluationStep): Promise<EvaluationProgram> => {
    const opened = await engine.createEvaluationProgram(step, program, evaluation.batchSize);
    open.push(opened);
    return opened;
  };
  try {
    const dev = prepared.split.dev.length === 0 ? null : await evaluate(prepared.evaluation.dev);
    return { prepared, program, dev, test: await evaluate(prepared.evaluation.test), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** A folder's name of a key, whose slashes are none. */
function scratchName(key: string): string {
  return key.replaceAll('/', '-');
}
