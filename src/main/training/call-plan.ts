import type { TrainingCall } from '../engine/engine.ts';
import type { Optimizer } from './optimizers/index.ts';

/** What decides how an epoch is cut into calls. */
export interface CallLayout {
  readonly batchSize: number;
  /** Most steps in a call. */
  readonly stepsPerCall: number;
  readonly dropLastBatch: boolean;
}

/** The call that goes on at a position of an epoch's order; {@link planCall} with a run's own layout and scalars. */
export type PlanCall = (order: Int32Array, position: number, firstStep: number) => TrainingCall | null;

function computeScalars(
  scalars: Optimizer['scalars'],
  firstStep: number,
  steps: number,
): Record<string, Float32Array> {
  const columns: Record<string, Float32Array> = {};
  for (const [name, valueAt] of Object.entries(scalars)) {
    const column = new Float32Array(steps);
    for (let i = 0; i < steps; i++) column[i] = valueAt(firstStep + i + 1);
    columns[name] = column;
  }
  return columns;
}

/**
 * The call that goes on at `position` of an epoch: as many full batches as fit, then the smaller last batch alone.
 * Null at the end of the epoch. The indices are a view of `order`.
 * @param position examples of the epoch already taken
 * @param firstStep steps taken before the call, from the start of the run
 */
export function planCall(
  order: Int32Array,
  position: number,
  firstStep: number,
  layout: CallLayout,
  scalars: Optimizer['scalars'],
): TrainingCall | null {
  const left = order.length - position;
  const fullBatches = Math.floor(left / layout.batchSize);
  const steps = Math.min(fullBatches, layout.stepsPerCall);
  if (steps > 0) return createCall(order, position, steps, layout.batchSize, firstStep, scalars);
  if (left === 0 || layout.dropLastBatch) return null;
  return createCall(order, position, 1, left, firstStep, scalars);
}

function createCall(
  order: Int32Array,
  position: number,
  steps: number,
  batchSize: number,
  firstStep: number,
  scalars: Optimizer['scalars'],
): TrainingCall {
  return {
    indices: order.subarray(position, position + steps * batchSize),
    batchSize,
    steps,
    scalars: computeScalars(scalars, firstStep, steps),
    firstStep,
  };
}
