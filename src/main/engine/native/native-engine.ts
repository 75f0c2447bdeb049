import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DeviceInfo, EngineInfo, EngineOptions } from '../../../shared/schema/engine.ts';
import type {
  Engine,
  EngineOps,
  EvaluationProgram,
  EvaluationStep,
  TrainingOptions,
  TrainingProgram,
  TrainingStep,
  Workload,
} from '../engine.ts';
import { EagerEvaluationProgram, EagerTrainingProgram } from '../portable/eager-programs.ts';
import { checkLoadedVersion } from '../library/check.ts';
import { NativeBackend } from './backend.ts';
import { Binding } from './binding.ts';
import { bindCApi, type CApi } from './c-api.ts';
import { loadTensorFlow, type Pointer } from './c-library.ts';
import { createContext, deleteContext, listDevices } from './context.ts';
import { installNativeGradients } from './native-gradients.ts';
import { installNativeKernels } from './native-kernels.ts';
import { chooseExecutor } from './executor-rule.ts';
import { keepPrograms } from './kept-programs.ts';
import { NativeEvaluationProgram, requireNative } from './native-evaluation.ts';
import { createNativeOps } from './native-ops.ts';
import { NativeTrainingProgram } from './native-training.ts';
import { useOneDnn } from './one-dnn.ts';
import { chooseParallelism } from './parallelism.ts';
import { ResidentCache } from './resident.ts';

/** TensorFlow's C library as an engine; one alive in a process. */
class NativeEngine implements Engine {
  readonly info: EngineInfo;
  readonly ops: EngineOps;
  readonly #api: CApi;
  readonly #context: Pointer;
  readonly #backend: NativeBackend;
  readonly #cache: ResidentCache;
  readonly #shards: number;
  readonly #restore: readonly (() => void)[];

  constructor(api: CApi, context: Pointer, info: EngineInfo, shards: number) {
    this.#api = api;
    this.#shards = shards;
    this.#context = context;
    this.info = info;
    this.#backend = new NativeBackend(new Binding(api, context), info.device.kind);
    this.ops = createNativeOps(this.#backend);
    this.#cache = new ResidentCache(this.#backend.binding);
    this.#restore = [installNativeGradients(this.#backend), installNativeKernels(this.#backend)];
  }

  async createTrainingProgram(step: TrainingStep, options: TrainingOptions): Promise<TrainingProgram> {
    const executor = chooseExecutor(options);
    if (executor === 'eager') return new EagerTrainingProgram(this.ops, step, options);
    const program = new NativeTrainingProgram(
      this.#backend,
      this.#cache,
      step,
      options,
      executor,
      this.#shards,
    );
    try {
      await program.prepare(options.stepsPerCall ?? null);
      return program;
    } catch (error) {
      program.dispose();
      throw error;
    }
  }

  async createEvaluationProgram(
    step: EvaluationStep,
    training: TrainingProgram,
    batchSize: number,
  ): Promise<EvaluationProgram> {
    if (training instanceof EagerTrainingProgram) {
      return new EagerEvaluationProgram(this.ops, step, training, batchSize);
    }
    requireNative(training);
    return new NativeEvaluationProgram(this.#backend, this.ops, this.#cache, step, training, batchSize);
  }

  memory(): { tensors: number; handles: number } {
    return { tensors: tf.memory().numTensors, handles: this.#backend.binding.getNumOfTensors() };
  }

  dispose(): void {
    for (const restore of this.#restore) restore();
    this.#backend.dispose();
    deleteContext(this.#api, this.#context);
  }
}

/** The device the options ask for, out of those TensorFlow found. */
function chooseDevice(devices: readonly DeviceInfo[], wanted: EngineOptions['device']): DeviceInfo {
  const cuda = devices.find((device) => device.kind === 'cuda');
  if (wanted === 'cuda' && !cuda) {
    throw new StudioError(
      'unsupported',
      'TensorFlow engine: no CUDA device was found, one was asked for; use device "cpu" or "auto", or install ' +
        'a TensorFlow library with CUDA and its driver.',
    );
  }
  const cpu = devices.find((device) => device.kind === 'cpu');
  const chosen = wanted === 'cpu' ? cpu : (cuda ?? cpu);
  if (!chosen) throw new StudioError('internal', 'TensorFlow engine: TensorFlow names no device at all');
  return chosen;
}

/** Loads and binds the libraries, and makes sure of their version. */
function loadApi(directory: string, version: string): CApi {
  let api: CApi;
  try {
    api = bindCApi(loadTensorFlow(directory));
  } catch (error) {
    throw new StudioError(
      'library-damaged',
      `TensorFlow library in ${directory}: it could not be loaded (${(error as Error).message}); install it again on ` +
        'the settings page, or choose another engine.',
      { directory },
      { cause: error },
    );
  }
  checkLoadedVersion(directory, api.version(), version);
  return api;
}

/** TensorFlow's libraries, and what belongs to them. */
export interface NativeLibrary {
  readonly directory: string;
  readonly version: string;
  /** Where compiled programs are kept; null keeps none. */
  readonly programDirectory: string | null;
}

/**
 * Loads TensorFlow's libraries and makes them this process's engine.
 * Must not run in Electron's main process, where TensorFlow crashes.
 * @throws StudioError `library-damaged` when they cannot be loaded or tell another version, `unsupported` when a device is asked for that is not there
 */
export function openNativeEngine(
  { directory, version, programDirectory }: NativeLibrary,
  options: EngineOptions,
  workload: Workload | null,
): Engine {
  const threads = options.threads ?? os.availableParallelism();
  const parallelism = chooseParallelism(workload, threads);
  useOneDnn(process.env);
  if (programDirectory !== null) keepPrograms(process.env, programDirectory, { version, ...parallelism });
  const api = loadApi(directory, version);
  const context = createContext(api, { ...parallelism, allowCuda: options.device !== 'cpu' });
  try {
    const cpuName = os.cpus()[0]?.model.trim() ?? os.arch();
    const device = chooseDevice(listDevices(api, context, cpuName), options.device);
    const info = { kind: 'tensorflow', version: api.version(), device, threads } as const;
    // A CUDA device is best given whole batches.
    return new NativeEngine(api, context, info, device.kind === 'cpu' ? parallelism.shards : 1);
  } catch (error) {
    deleteContext(api, context);
    throw error;
  }
}
