import type { Artifact } from '../../shared/schema/artifact.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { RunEpoch } from '../../shared/schema/run.ts';
import type { TrainingCall } from '../engine/engine.ts';
import { BackgroundWrite } from './background-write.ts';
import { chooseWatch, isBetter, outOfPatience, type Watch } from './best-epoch.ts';
import { planCall, type CallLayout, type PlanCall } from './call-plan.ts';
import { explainDivergence, firstBrokenStep } from './divergence.ts';
import { EpochOrders } from './epoch-order.ts';
import { LearningRate } from './learning-rate.ts';
import { evaluateSplit, trainPoints, type Moment } from './measure-points.ts';
import { createOptimizer, type Optimizer } from './optimizers/index.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { RunCursor } from './run-cursor.ts';
import type { TrainingSession } from './session.ts';

/**
 * Trains a run to its end and tells it by events; the last one is `finished` or `cancelled`.
 * @throws StudioError `not-a-number` where the loss is not finite, `disk-full` where a checkpoint cannot be written, and
 * whatever the engine throws; every epoch told before is on the disk
 */
export async function train(session: TrainingSession): Promise<void> {
  await new TrainingLoop(session).run();
}

class TrainingLoop {
  readonly #session: TrainingSession;
  readonly #cursor: RunCursor;
  readonly #orders: EpochOrders;
  readonly #progress: ProgressReporter;
  readonly #layout: CallLayout;
  readonly #watch: Watch;
  readonly #rate: LearningRate;
  readonly #scalars: Optimizer['scalars'];
  /** An epoch's checkpoint is written, and then told, while the next epoch begins. */
  readonly #saving = new BackgroundWrite();

  constructor(session: TrainingSession) {
    const { prepared, program, resume } = session;
    const { training, evaluation } = prepared.experiment;
    this.#session = session;
    this.#cursor = new RunCursor(prepared.seed, prepared.measures.length, resume);
    this.#orders = new EpochOrders(prepared.split.train, prepared.seed);
    this.#progress = new ProgressReporter(session, this.#cursor);
    this.#layout = { ...training, stepsPerCall: program.stepsPerCall };
    this.#watch = chooseWatch(
      training.earlyStopping,
      session.evaluators.dev !== null && evaluation.everyEpochs > 0,
    );
    this.#rate = new LearningRate(training, prepared.stepsPerEpoch, this.#cursor);
    this.#scalars = createOptimizer(training.optimizer, (step) => this.#rate.at(step)).scalars;
  }

  async run(): Promise<void> {
    this.#session.clock.resume();
    try {
      await this.#runEpochs();
    } finally {
      // An epoch that is being written is told before the end, whatever the end is.
      await this.#saving.drain();
    }
  }

  async #runEpochs(): Promise<void> {
    const { clock, emit } = this.#session;
    while (!this.#isOver(this.#cursor.epoch)) {
      if (!(await this.#trainEpoch())) {
        emit({ kind: 'cancelled', durationMs: clock.durationMs });
        return;
      }
      await this.#finishEpoch();
    }
    await this.#saving.settle();
    emit({ kind: 'finished', points: await this.#evaluateFinally(), durationMs: clock.durationMs });
  }

  #isOver(epochsDone: number): boolean {
    const { epochs, earlyStopping } = this.#session.prepared.experiment.training;
    if (epochsDone >= epochs) return true;
    // Where dev is measured every few epochs only, nothing can be said in between.
    const isMeasured = this.#watch.split === 'train' || this.#isEvaluationDue(epochsDone);
    return isMeasured && outOfPatience(earlyStopping, this.#cursor.best, epochsDone);
  }

  /** Takes the epoch's remaining steps; false if the run was cancelled. */
  async #trainEpoch(): Promise<boolean> {
    const { program } = this.#session;
    const cursor = this.#cursor;
    const order = this.#orders.take(cursor.epoch + 1);
    this.#progress.backToTraining();
    let call = this.#planCall(order, cursor.examplesTaken, cursor.step);
    while (call !== null) {
      if (!(await this.#obeyControls())) return false;
      const running = program.run(call);
      // While the engine computes, the next call is made ready.
      const next = this.#planCall(
        order,
        cursor.examplesTaken + call.indices.length,
        cursor.step + call.steps,
      );
      if (next === null) this.#orders.prepare(cursor.epoch + 2);
      await this.#accept(call, await running);
      call = next;
    }
    return true;
  }

  readonly #planCall: PlanCall = (order, position, firstStep) =>
    planCall(order, position, firstStep, this.#layout, this.#scalars);

  async #accept(call: TrainingCall, metrics: Float32Array): Promise<void> {
    const broken = firstBrokenStep(metrics, this.#session.prepared.measures.length);
    if (broken >= 0) {
      await this.#saving.settle();
      throw await explainDivergence(this.#session, this.#cursor, this.#planCall, call, broken);
    }
    this.#cursor.advance(call, metrics);
    this.#progress.took(call.indices.length);
  }

  /** Waits through a pause; false if the run was cancelled. */
  async #obeyControls(): Promise<boolean> {
    const { controls, clock, emit } = this.#session;
    this.#saving.throwIfFailed();
    if (controls.request !== 'run') await this.#saving.settle();
    if (controls.request === 'pause') {
      clock.pause();
      const checkpoint = await this.#savePause();
      emit({ kind: 'paused', step: this.#cursor.step, checkpoint, durationMs: clock.durationMs });
      this.#progress.paused();
      await controls.untilResumed();
      clock.resume();
      this.#progress.backToTraining();
      if (!this.#isCancelled()) emit({ kind: 'resumed' });
    }
    return !this.#isCancelled();
  }

  #isCancelled(): boolean {
    return this.#session.controls.request === 'cancel';
  }

  async #savePause(): Promise<Artifact> {
    const { files, program, clock } = this.#session;
    const state = await program.readState();
    const position = this.#cursor.position(clock);
    return files.write(files.pausePath(position.step), { position, state });
  }

  async #finishEpoch(): Promise<void> {
    const { clock, prepared } = this.#session;
    const trainingMs = clock.epochMs;
    const at = { epoch: this.#cursor.epoch + 1, step: this.#cursor.step };
    const examples = this.#cursor.sums.examples;
    const points = [...trainPoints(prepared.measures, this.#cursor.sums, at), this.#rate.point(at)];
    const isDue = this.#isEvaluationDue(at.epoch);
    if (isDue) points.push(...(await this.#evaluate(at)));
    const best = this.#judge(points, at);
    this.#rate.observe(points, at.epoch);
    // The last epoch is always evaluated; which one it is may show only now.
    if (!isDue && this.#isOver(at.epoch)) points.push(...(await this.#evaluate(at)));
    this.#progress.enter('saving');
    const examplesPerSecond = trainingMs > 0 ? (1_000 * examples) / trainingMs : 0;
    await this.#saveEpoch({ ...at, durationMs: clock.epochMs, examplesPerSecond, best }, points);
  }

  /** Takes a copy of the state, and leaves writing and telling it to run beside the next epoch. */
  async #saveEpoch(epoch: Omit<RunEpoch, 'checkpoint'>, points: readonly MetricPoint[]): Promise<void> {
    const { clock, program, files, emit } = this.#session;
    this.#cursor.closeEpoch();
    clock.startEpoch();
    const checkpoint = { position: this.#cursor.position(clock), state: await program.readState() };
    const { durationMs } = checkpoint.position;
    await this.#saving.settle();
    this.#saving.start(async () => {
      const artifact = await files.write(files.epochPath(epoch.epoch), checkpoint);
      emit({ kind: 'epoch', epoch: { ...epoch, checkpoint: artifact }, points: [...points], durationMs });
    });
  }

  #isEvaluationDue(epoch: number): boolean {
    const { everyEpochs } = this.#session.prepared.experiment.evaluation;
    return everyEpochs > 0 && epoch % everyEpochs === 0;
  }

  /** Dev, and test where it is asked for every epoch. */
  async #evaluate(at: Moment): Promise<MetricPoint[]> {
    const { testEveryEpoch } = this.#session.prepared.experiment.evaluation;
    this.#progress.enter('evaluating');
    return [...(await this.#evaluateDev(at)), ...(testEveryEpoch ? await this.#evaluateTest(at) : [])];
  }

  async #evaluateDev(at: Moment): Promise<MetricPoint[]> {
    const { prepared, evaluators } = this.#session;
    if (evaluators.dev === null) return [];
    return evaluateSplit('dev', evaluators.dev, prepared.split.dev, prepared.measures, at);
  }

  async #evaluateTest(at: Moment): Promise<MetricPoint[]> {
    const { prepared, evaluators } = this.#session;
    if (prepared.split.test.length === 0) return [];
    return evaluateSplit('test', evaluators.test, prepared.split.test, prepared.measures, at);
  }

  /** Is this the best epoch so far? Remembers it if so. */
  #judge(points: readonly MetricPoint[], at: Moment): boolean {
    const { split, metric } = this.#watch;
    const point = points.find((candidate) => candidate.split === split && candidate.metric === metric);
    const value = point?.value ?? null;
    if (value === null || !isBetter(value, this.#cursor.best, this.#watch)) return false;
    this.#cursor.best = { ...at, value };
    return true;
  }

  /** Measures test, with the best epoch's weights where early stopping asks for them; dev again then, too. */
  async #evaluateFinally(): Promise<MetricPoint[]> {
    this.#progress.enter('evaluating');
    const restored = await this.#restoreBest();
    const at = restored ?? { epoch: this.#cursor.epoch, step: this.#cursor.step };
    const dev = restored === null ? [] : await this.#evaluateDev(at);
    return [...dev, ...(await this.#evaluateTest(at))];
  }

  /** Puts the best epoch's weights back; null where the last ones stay. */
  async #restoreBest(): Promise<Moment | null> {
    const { prepared, files, program } = this.#session;
    const { best, epoch } = this.#cursor;
    if (prepared.experiment.training.earlyStopping?.restoreBest !== true) return null;
    if (best === null || best.epoch === epoch) return null;
    const checkpoint = await files.read(files.epochPath(best.epoch));
    await program.writeState(checkpoint.state);
    return { epoch: best.epoch, step: best.step };
  }
}
