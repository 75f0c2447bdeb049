import os from 'node:os';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { EngineInfo } from '../../../shared/schema/engine.ts';
import type {
  Engine,
  EvaluationProgram,
  EvaluationStep,
  TrainingOptions,
  TrainingProgram,
  TrainingStep,
} from '../engine.ts';
import { loadBackend, unloadBackend, type FallbackKind } from './backends.ts';
import { EagerEvaluationProgram, EagerTrainingProgram } from './eager-programs.ts';
import { portableOps } from './ops.ts';

/** Engine over one of tfjs's own backends, op by op; for machines without TensorFlow's library. */
class FallbackEngine implements Engine {
  readonly info: EngineInfo;
  readonly ops = portableOps;

  constructor(info: EngineInfo) {
    this.info = info;
  }

  async createTrainingProgram(step: TrainingStep, options: TrainingOptions): Promise<TrainingProgram> {
    const executor = options.executor ?? 'eager';
    if (executor !== 'eager') {
      throw new StudioError(
        'unsupported',
        `Engine ${this.info.kind}: the ${executor} executor was asked for, but this engine runs eagerly only; ` +
          'install the TensorFlow library on the settings page, or start the run anew.',
        { engine: this.info.kind, executor },
      );
    }
    return new EagerTrainingProgram(this.ops, step, options);
  }

  async createEvaluationProgram(
    step: EvaluationStep,
    training: TrainingProgram,
    batchSize: number,
  ): Promise<EvaluationProgram> {
    if (!(training instanceof EagerTrainingProgram)) {
      throw new StudioError(
        'internal',
        `Engine ${this.info.kind}: the training program is of another engine; evaluate with the engine that trains.`,
      );
    }
    return new EagerEvaluationProgram(this.ops, step, training, batchSize);
  }

  memory(): { tensors: number; handles: number } {
    const { numTensors, numDataBuffers } = tf.memory();
    return { tensors: numTensors, handles: numDataBuffers };
  }

  dispose(): void {
    unloadBackend(this.info.kind as FallbackKind);
  }
}

/**
 * Opens tfjs's WebAssembly or plain JavaScript backend as the engine of this process. Both compute on one
 * thread: tfjs's wasm threads need workers that Node does not give it.
 * @throws StudioError `unsupported` when the backend cannot start here
 */
export async function openFallbackEngine(kind: FallbackKind): Promise<Engine> {
  await loadBackend(kind);
  const name = os.cpus()[0]?.model.trim() ?? '';
  return new FallbackEngine({
    kind,
    version: tf.version_core,
    device: { name: name === '' ? os.arch() : name, kind: 'cpu', memoryBytes: os.totalmem() },
    threads: 1,
  });
}
