import { z } from 'zod';

/** The library that computes: TensorFlow's C library, or tfjs's wasm or plain JavaScript backend. */
export const engineKind = z.enum(['tensorflow', 'wasm', 'cpu']);
export type EngineKind = z.infer<typeof engineKind>;

/** `auto` takes tensorflow where its library is installed, wasm otherwise. */
export const engineChoice = z.enum(['auto', ...engineKind.options]);
export type EngineChoice = z.infer<typeof engineChoice>;

/** How a training step is run: op by op, by TensorFlow's graph executor, or compiled by XLA. */
export const executorKind = z.enum(['eager', 'graph', 'xla']);
export type ExecutorKind = z.infer<typeof executorKind>;

export const deviceInfo = z.strictObject({
  name: z.string(),
  kind: z.enum(['cpu', 'cuda']),
  memoryBytes: z.number().nonnegative().nullable(),
});
export type DeviceInfo = z.infer<typeof deviceInfo>;

/** What ran; stored with every run. */
export const engineInfo = z.strictObject({
  kind: engineKind,
  /** Version of the library, e.g. "2.21.0" of TensorFlow or "4.22.0" of tfjs. */
  version: z.string(),
  device: deviceInfo,
  threads: z.int().positive(),
});
export type EngineInfo = z.infer<typeof engineInfo>;

export const engineOptions = z.strictObject({
  choice: engineChoice.default('auto'),
  /** Threads inside an op; null for one per core. */
  threads: z.int().min(1).max(1_024).nullable().default(null),
  device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
});
export type EngineOptions = z.infer<typeof engineOptions>;

/** What is installed and what could be. */
export const engineStatus = z.strictObject({
  chosen: engineKind,
  /** The library found and checked, or why none is used. */
  library: z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('ready'),
      version: z.string(),
      directory: z.string(),
      sizeBytes: z.number(),
    }),
    z.strictObject({ state: z.literal('missing'), reason: z.string(), wayOut: z.string() }),
    z.strictObject({ state: z.literal('damaged'), reason: z.string(), wayOut: z.string() }),
    z.strictObject({ state: z.literal('unsupported'), reason: z.string(), wayOut: z.string() }),
  ]),
  /** What an install would fetch; null where the platform has none. */
  installable: z
    .strictObject({ package: z.string(), version: z.string(), sizeBytes: z.number(), sha256: z.string() })
    .nullable(),
  devices: z.array(deviceInfo),
  cores: z.int().positive(),
});
export type EngineStatus = z.infer<typeof engineStatus>;

export const installProgress = z.strictObject({
  phase: z.enum(['download', 'unpack', 'check', 'done', 'failed', 'cancelled']),
  doneBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
  message: z.string(),
});
export type InstallProgress = z.infer<typeof installProgress>;
