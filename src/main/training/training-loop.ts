import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { TrainingCall } from '../engine/engine.ts';
import { chooseWatch, isBetter, outOfPatience, type Watch } from './best-epoch.ts';
import { planCall, type CallLayout } from './call-plan.ts';
import { explainDivergence, firstBrokenStep } from './divergence.ts';
import { EpochOrders } from './epoch-order.ts';
import { evaluateSplit, trainPoints, type Moment } from './measure-points.ts';
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
  }

  async run(): Promise<void> {
    const { clock, emit } = this.#session;
    clock.resume();
    while (!this.#isOver()) {
      if (!(await this.#trainEpoch())) {
        emit({ kind: 'cancelled', durationMs: clock.durationMs });
        return;
      }
      await this.#finishEpoch();
    }
    emit({ kind: 'finished', points: await this.#evaluateFinally(), durationMs: clock.durationMs });
  }

  #isOver(): boolean {
    const { epochs, earlyStopping } = this.#session.prepared.experiment.training;
    const { epoch, best } = this.#cursor;
    return epoch >= epochs || (epoch > 0 && outOfPatience(earlyStopping, best, epoch));
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

  #planCall(order: Int32Array, position: number, firstStep: number): TrainingCall | null {
    return planCall(order, position, firstStep, this.#layout, this.#session.prepared.optimizer.scalars);
  }

  async #accept(call: TrainingCall, metrics: Float32Array): Promise<void> {
    const broken = firstBrokenStep(metrics, this.#session.prepared.measures.length);
    if (broken >= 0) {
      throw await explainDivergence(this.#session, this.#cursor, this.#layout, call, broken);
    }
    this.#cursor.advance(call, metrics);
    this.#progress.took(call.indices.length);
  }

  /** Waits through a pause; false if the run was cancelled. */
  async #obeyControls(): Promise<boolean> {
    const { controls, clock, emit } = this.#session;
    if (controls.request === 'pause') {
      clock.pause();
      const checkpoint = await this.#save(this.#session.files.pausePath(this.#cursor.step));
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

  async #save(path: string): ReturnType<TrainingSession['files']['write']> {
    const state = await this.#session.program.readState();
    return this.#session.files.write(path, { position: this.#cursor.position(this.#session.clock), state });
  }

  async #finishEpoch(): Promise<void> {
    const { clock, prepared, files, emit } = this.#session;
    const trainingMs = clock.epochMs;
    const at = { epoch: this.#cursor.epoch + 1, step: this.#cursor.step };
    const examples = this.#cursor.sums.examples;
    const points = trainPoints(prepared.measures, this.#cursor.sums, at);
    this.#cursor.closeEpoch();
    if (this.#isEvaluationDue(at.epoch)) points.push(...(await this.#evaluate(at)));
    const best = this.#judge(points, at);
    if (this.#isOver() && !points.some(({ split }) => split === 'dev')) {
      points.push(...(await this.#evaluate(at)));
    }
    this.#progress.enter('saving');
    const epochMs = clock.epochMs;
    clock.startEpoch();
    const checkpoint = await this.#save(files.epochPath(at.epoch));
    const examplesPerSecond = trainingMs > 0 ? (1_000 * examples) / trainingMs : 0;
    emit({
      kind: 'epoch',
      epoch: { ...at, durationMs: epochMs, examplesPerSecond, checkpoint, best },
      points,
      durationMs: clock.durationMs,
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
