import { WORDS_AT_ONCE } from '../../../shared/random/philox.ts';
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

/** Does a batch fall into so many equal parts, and random numbers for it into the same parts? */
export function fallsIntoShards(batchSize: number, shards: number): boolean {
  return batchSize % (shards * WORDS_AT_ONCE) === 0;
}

function mostShards(batchSize: number, threads: number): number {
  for (let shards = threads; shards > 1; shards--) {
    if (fallsIntoShards(batchSize, shards) && batchSize / shards >= MIN_EXAMPLES_PER_SHARD) return shards;
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
