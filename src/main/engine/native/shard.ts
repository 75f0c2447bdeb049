import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { NativeBackend } from './backend.ts';
import { DType } from './dtype.ts';
import type { GraphBuilder, Ref } from './graph-builder.ts';
import type { Recorder } from './recorder.ts';
import { standIn } from './step-inputs.ts';

/** The part of a batch that a step sees, and its way to the other parts. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /**
   * Adds up a float32 tensor over the shards: each of them calls this with its own at the same place of the step.
   * x is borrowed; the result belongs to tfjs's current scope.
   */
  sum(x: Tensor): Tensor;
}

/** The parts' terms of one sum, in the order of the shards. */
interface PendingSum {
  readonly name: Ref;
  readonly terms: Ref[];
}

/**
 * The sums over shards of a step that is recorded once for each shard, one after the other. A sum's value is taken from
 * a node that does not exist before the last shard has been recorded; {@link connect} adds it.
 */
export class ShardSums {
  readonly #backend: NativeBackend;
  readonly #graph: GraphBuilder;
  readonly #recorder: Recorder;
  readonly #count: number;
  readonly #pending: PendingSum[] = [];

  constructor(backend: NativeBackend, graph: GraphBuilder, recorder: Recorder, count: number) {
    this.#backend = backend;
    this.#graph = graph;
    this.#recorder = recorder;
    this.#count = count;
  }

  /** The shards, to be recorded in this order. */
  shards(): Shard[] {
    return Array.from({ length: this.#count }, (_, index): Shard => {
      let place = 0;
      return { index, count: this.#count, sum: (x) => this.#add(place++, x) };
    });
  }

  #add(place: number, x: Tensor): Tensor {
    const { binding } = this.#backend;
    const id = this.#backend.idOf(x);
    const { ref } = this.#recorder.value(id);
    const sum = (this.#pending[place] ??= { name: `shard_sum_${place}`, terms: [] });
    sum.terms.push(ref);
    const sample = binding.createTensor(x.shape, DType.float32, binding.tensorDataSync(id));
    return standIn(this.#backend, this.#recorder, sample, {
      ref: sum.name,
      dtype: DType.float32,
      shape: x.shape,
    });
  }

  /** Adds the sums' nodes to the graph, once every shard has been recorded. */
  connect(): void {
    for (const { name, terms } of this.#pending) {
      if (terms.length !== this.#count) {
        throw new StudioError(
          'internal',
          `Tracer: ${terms.length} of ${this.#count} shards take part in ${name}, expected all; a step must do the ` +
            'same for each shard',
        );
      }
      this.#graph.addN(terms, DType.float32, name);
    }
  }
}
