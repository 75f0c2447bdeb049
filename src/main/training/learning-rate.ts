import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { ScheduleSpec } from '../../shared/schema/schedule.ts';
import type { Moment } from './measure-points.ts';
import type { RunCursor } from './run-cursor.ts';
import { beginPlateau, createSchedule, observePlateau, type ScheduledTraining } from './schedules/index.ts';

/** Name of the curve that shows the rates a run took. */
const LEARNING_RATE = 'learning-rate';

/** The learning rate of a running run: its schedule, and what reduce-on-plateau has seen, which the cursor keeps. */
export class LearningRate {
  readonly #schedule: ScheduleSpec;
  readonly #rateAt: (step: number) => number;
  readonly #cursor: RunCursor;

  constructor(training: ScheduledTraining, stepsPerEpoch: number, cursor: RunCursor) {
    const { schedule, optimizer } = training;
    const { rateAt } = createSchedule(training, stepsPerEpoch);
    if (schedule.kind === 'reduce-on-plateau') cursor.plateau ??= beginPlateau(optimizer.learningRate);
    this.#schedule = schedule;
    this.#cursor = cursor;
    this.#rateAt = (step) => rateAt(step, cursor.plateau);
  }

  /** Of a step of the running epoch, counted from 1 over the whole run. */
  at(step: number): number {
    return this.#rateAt(step);
  }

  /** The rate in force at the end of an epoch, as a point of its own curve. */
  point(at: Moment): MetricPoint {
    return { split: 'train', metric: LEARNING_RATE, ...at, value: this.at(at.step) };
  }

  /** Lets reduce-on-plateau see what an epoch came to; where the watched number was not measured nothing changes. */
  observe(points: readonly MetricPoint[], epoch: number): void {
    const { plateau } = this.#cursor;
    const schedule = this.#schedule;
    if (schedule.kind !== 'reduce-on-plateau' || plateau === null) return;
    const seen = points.find(({ split, metric }) => split === schedule.split && metric === schedule.metric);
    if (seen !== undefined) this.#cursor.plateau = observePlateau(plateau, seen.value, epoch, schedule);
  }
}
