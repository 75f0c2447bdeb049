import type { Workload } from '../engine.ts';

/** How the threads of an engine share a step. */
export interface Parallelism {
  /** Equal parts of a batch that are computed beside each other, each by its own threads. */
  readonly shards: number;
  /** Threads inside an operation. */
  readonly threadsPerOperation: number;
  /** Operations that may run at the same time. */
  readonly operationsAtOnce: number;
}

/** A smaller shard would leave convolutions too little to do at a time. */
const MIN_EXAMPLES_PER_SHARD = 16;

function mostShards(batchSize: number, threads: number): number {
  for (let shards = threads; shards > 1; shards--) {
    if (batchSize % shards === 0 && batchSize / shards >= MIN_EXAMPLES_PER_SHARD) return shards;
  }
  return 1;
}

/**
 * Convolutions gain more from a core for each part of the batch, which meet once a step, than from all cores on every
 * operation, which meet dozens of times. Nets without convolutions are XLA's, which shares operations by itself.
 * @param workload null for work not known beforehand
 */
export function chooseParallelism(workload: Workload | null, threads: number): Parallelism {
  const isSharded = workload !== null && workload.hasConvolutions && workload.separable;
  const shards = isSharded ? mostShards(workload.batchSize, threads) : 1;
  return { shards, threadsPerOperation: Math.floor(threads / shards), operationsAtOnce: threads };
}
