import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { correctAveragePoolGradient, replaceMaxPoolGradient } from './pool-gradients.ts';
import { correctTransform } from './transform-kernel.ts';
import { registerWasmConvGradients } from './wasm-conv-gradients.ts';
import { quickenWasmProducts } from './wasm-products.ts';

/** tfjs backends that need no library of the system. */
export type FallbackKind = 'wasm' | 'cpu';

/** Events on which the wasm module's loader puts a listener that ends the process. */
const HIJACKED_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

const prepared = new Set<FallbackKind>();

/** Loads the wasm backend's module, pointed to the files of its own package, so that nothing is fetched. */
async function prepareWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(path.join(path.dirname(manifest), 'wasm-out') + path.sep);
  registerWasmConvGradients();
  replaceMaxPoolGradient('wasm');
  quickenWasmProducts();
}

async function prepareCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  correctTransform();
}

/** Loads a backend's module and puts its wrong and missing kernels right, once per process. */
async function prepareBackend(kind: FallbackKind): Promise<void> {
  if (prepared.has(kind)) return;
  prepared.add(kind);
  // Otherwise the cpu backend prints an advertisement to the terminal.
  tf.enableProdMode();
  if (kind === 'wasm') await prepareWasm();
  else await prepareCpu();
  correctAveragePoolGradient(kind);
}

/** Runs `start` and takes away the process-wide listeners it adds: what is uncaught is the program's to decide. */
async function withoutHijacking<T>(start: () => Promise<T>): Promise<T> {
  const before = HIJACKED_EVENTS.map((event) => new Set(process.listeners(event as 'uncaughtException')));
  try {
    return await start();
  } finally {
    HIJACKED_EVENTS.forEach((event, i) => {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]!.has(listener)) process.off(event, listener);
      }
    });
  }
}

/**
 * Makes tfjs's backend of this kind the global one.
 * @throws StudioError `unsupported` when it cannot start
 */
export async function loadBackend(kind: FallbackKind): Promise<void> {
  await prepareBackend(kind);
  const started = await withoutHijacking(() => tf.setBackend(kind));
  if (started) return;
  throw new StudioError(
    'unsupported',
    kind === 'wasm'
      ? 'Engine wasm: this Node could not start WebAssembly; choose the engine "cpu".'
      : 'Engine cpu: tfjs could not start its JavaScript backend; install the program again.',
    { engine: kind },
  );
}

/** Frees the backend's memory; it can be loaded again. */
export function unloadBackend(kind: FallbackKind): void {
  const factory = tf.findBackendFactory(kind);
  tf.removeBackend(kind);
  tf.registerBackend(kind, factory, kind === 'wasm' ? 2 : 1);
}
