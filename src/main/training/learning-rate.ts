import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { ScheduleSpec } from '../../shared/schema/schedule.ts';
import type { Moment } from './measure-points.ts';
import type { RunCursor } from './run-cursor.ts';
import {
  beginPlateau,
  createSchedule,
  observePlateau,
  type Schedule,
  type ScheduledTraining,
} from './schedules/index.ts';

/** Name of the curve that shows the rates a run took. */
const LEARNING_RATE = 'learning-rate';

/** The learning rate of a running run: its schedule, and what reduce-on-plateau has seen, which the cursor keeps. */
export class LearningRate {
  readonly #spec: ScheduleSpec;
  readonly #schedule: Schedule;
  readonly #cursor: RunCursor;

  constructor(training: ScheduledTraining, stepsPerEpoch: number, cursor: RunCursor) {
    const { schedule, optimizer } = training;
    if (schedule.kind === 'reduce-on-plateau') cursor.plateau ??= beginPlateau(optimizer.learningRate);
    this.#spec = schedule;
    this.#schedule = createSchedule(training, stepsPerEpoch);
    this.#cursor = cursor;
  }

  /** Of a step of the running epoch, counted from 1 over the whole run. */
  at(step: number): number {
    return this.#schedule.rateAt(step, this.#cursor.plateau);
  }

  /** The rate in force at the end of an epoch, as a point of its own curve. */
  point(at: Moment): MetricPoint {
    return { split: 'train', metric: LEARNING_RATE, ...at, value: this.at(at.step) };
  }

  /** Lets reduce-on-plateau see what an epoch came to; where the watched number was not measured nothing changes. */
  observe(points: readonly MetricPoint[], epoch: number): void {
    const { plateau } = this.#cursor;
    const spec = this.#spec;
    if (spec.kind !== 'reduce-on-plateau' || plateau === null) return;
    const seen = points.find(({ split, metric }) => split === spec.split && metric === spec.metric);
    if (seen !== undefined) this.#cursor.plateau = observePlateau(plateau, seen.value, epoch, spec);
  }
}
