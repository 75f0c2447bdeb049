import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine, StateTensor } from '../engine/engine.ts';
import { forwardInference, type ForwardContext, type ModelPlan } from '../model/index.ts';
import type { PreparedRun } from '../training/prepare-run.ts';
import type { InspectedRun } from './inspected-run.ts';
import type { Predictor } from './predictor.ts';
import { computeAll } from './read-numbers.ts';

/** A net with its weights on the engine, run op by op. */
export interface OpenNet extends Predictor {
  readonly plan: ModelPlan;
  /** What the net was trained for, and how it was given its examples. */
  readonly prepared: PreparedRun;
  /** The weights and buffers, without the optimizer's slots. */
  readonly state: readonly StateTensor[];
  /** The same on the engine, and its ops: what a pass through the net reads. The net's own; do not dispose of them. */
  readonly context: ForwardContext;
}

function upload(state: readonly StateTensor[]): Record<string, Tensor> {
  return Object.fromEntries(
    state.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape], 'float32')]),
  );
}

/**
 * Puts a net's weights on the engine; the caller disposes of it.
 * @param state all that a training program or a checkpoint holds
 */
export function openNet(
  engine: Engine,
  run: InspectedRun,
  prepared: PreparedRun,
  state: readonly StateTensor[],
): OpenNet {
  const { plan, preprocessing } = prepared;
  const weights = state.filter(({ role }) => role !== 'slot');
  const tensors = upload(weights);
  const context = { ops: engine.ops, state: tensors };
  return {
    run,
    plan,
    prepared,
    state: weights,
    context,
    async predict(examples) {
      return computeAll(() => forwardInference(plan, preprocessing.apply(examples), context));
    },
    dispose: () => tf.dispose(tensors),
  };
}
