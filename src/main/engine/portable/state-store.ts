import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { StateTensor } from '../engine.ts';

function makeTensor(entry: StateTensor): Tensor {
  // A copy: on the cpu backend a tensor would go on sharing the caller's array.
  return tf.keep(tf.tensor(entry.values.slice(), [...entry.shape], 'float32'));
}

function requireSameLayout(expected: readonly StateTensor[], given: readonly StateTensor[]): void {
  const describe = (entry: StateTensor | undefined) =>
    entry === undefined ? 'nothing' : `"${entry.name}" [${entry.shape.join(', ')}]`;
  const length = Math.max(expected.length, given.length);
  for (let i = 0; i < length; i++) {
    const [wanted, found] = [describe(expected[i]), describe(given[i])];
    if (wanted !== found) {
      throw new StudioError(
        'shape-mismatch',
        `State: found ${found} at position ${i}, expected ${wanted}; ` +
          'use a checkpoint of a run with the same model and optimizer.',
        { position: i, found, expected: wanted },
      );
    }
  }
}

/** The state tensors of a program on the device, replaced step by step. Owns them until `dispose`. */
export class StateStore {
  readonly #layout: readonly StateTensor[];
  readonly #tensors = new Map<string, Tensor>();

  /** Copies the values of `state` to the device. */
  constructor(state: readonly StateTensor[]) {
    this.#layout = state.map(({ name, role, shape }) => ({ name, role, shape, values: new Float32Array(0) }));
    for (const entry of state) this.#tensors.set(entry.name, makeTensor(entry));
  }

  /** The tensors by name, borrowed: they hold until the next `replace` or `write`. */
  view(): Record<string, Tensor> {
    return Object.fromEntries(this.#tensors);
  }

  /** Takes the given tensors over in place of the ones of the same names, which are disposed. */
  replace(fresh: Readonly<Record<string, Tensor>>): void {
    for (const [name, tensor] of Object.entries(fresh)) {
      const old = this.#tensors.get(name);
      if (old === undefined) {
        throw new StudioError(
          'internal',
          `State: the step returned "${name}", which it does not declare; declare it in the step's state.`,
        );
      }
      if (old === tensor) continue;
      this.#tensors.set(name, tf.keep(tensor));
      old.dispose();
    }
  }

  /** Copies of all tensors, in the order of the layout. */
  async read(): Promise<StateTensor[]> {
    return Promise.all(
      this.#layout.map(async ({ name, role, shape }) => ({
        name,
        role,
        shape: [...shape],
        values: Float32Array.from(await this.#tensors.get(name)!.data()),
      })),
    );
  }

  /**
   * Replaces all values.
   * @throws StudioError `shape-mismatch` when names, order or shapes differ; nothing is changed then
   */
  write(state: readonly StateTensor[]): void {
    requireSameLayout(this.#layout, state);
    this.replace(Object.fromEntries(state.map((entry) => [entry.name, makeTensor(entry)])));
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }
}
