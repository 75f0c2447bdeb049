import type { Engine, Workload } from '../../src/main/engine/engine.ts';
import { openEngine } from '../../src/main/engine/index.ts';
import { cacheDirectory } from '../../src/main/host/paths.ts';
import type { EngineKind, ExecutorKind } from '../../src/shared/schema/engine.ts';

/** An engine and a way it runs a step. */
export interface EngineCase {
  readonly kind: EngineKind;
  readonly executor: ExecutorKind;
}

/** Every way the studio can compute. */
export const engineCases: readonly EngineCase[] = [
  { kind: 'cpu', executor: 'eager' },
  { kind: 'wasm', executor: 'eager' },
  { kind: 'tensorflow', executor: 'eager' },
  { kind: 'tensorflow', executor: 'graph' },
  { kind: 'tensorflow', executor: 'xla' },
];

/**
 * Opens an engine for a test. TensorFlow's library must be there (`npm test` sees to it): without it the test
 * fails with the engine's own message, which names the way out, instead of passing unseen.
 * @param workload as a trainer gives it; null for whole batches
 */
export async function openTestEngine(kind: EngineKind, workload: Workload | null = null): Promise<Engine> {
  const { engine } = await openEngine(
    { choice: kind, threads: 2, device: 'cpu' },
    cacheDirectory(),
    workload,
  );
  return engine;
}
