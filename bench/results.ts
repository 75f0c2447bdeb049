import type { Contestant, Measurement, ModelName, PeerName } from './contestants.ts';
import { median } from './statistics.ts';
import type { StepsAnswer } from './steps-answer.ts';

/** One contestant's turns on one model. `measurements` has one entry per round, null where it gave no answer. */
export interface Turns {
  readonly name: Contestant['name'];
  readonly variant: string;
  readonly model: ModelName;
  readonly measurements: readonly (Measurement | null)[];
}

/** A variant that was clearly slower in the qualifying round and took no part in the others. */
export interface Unqualified {
  readonly name: Contestant['name'];
  readonly variant: string;
  readonly model: ModelName;
  /** Null where it gave no answer. */
  readonly imagesPerSecond: number | null;
  readonly reason: string;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Matrix product of 2048 x 2048 float32 by PyTorch. */
  readonly matmulGflops: number;
  readonly matmulThreads: number;
}

/** Everything a benchmark found; written as docs/benchmarks.json. */
export interface BenchmarkResults {
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly rounds: number;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly turns: readonly Turns[];
  readonly unqualified: readonly Unqualified[];
  readonly steps: Readonly<Record<ModelName, StepsAnswer>>;
  /** Floating-point operations of training on one image. */
  readonly trainingFlops: Readonly<Record<ModelName, number>>;
}

/** Throughput to reach as a multiple of each peer's; a peer without one is shown for comparison only. */
export const targets: Readonly<Record<ModelName, Readonly<Partial<Record<PeerName, number>>>>> = {
  mlp: { PyTorch: 4, Keras: 5, 'tfjs-node': 15, JAX: 0.9 },
  cnn: { PyTorch: 1.9, Keras: 1.5, 'tfjs-node': 3.5, JAX: 4 },
};

/** Most the 20 losses may differ from PyTorch's, relatively. */
export const AGREEMENT_LIMIT = 1e-3;
/** What the trainer may hold more than PyTorch's process. */
export const MEMORY_ALLOWANCE_BYTES = 300e6;

/** Images per second of each answered round. */
export function speeds({ measurements }: Turns): number[] {
  return measurements.flatMap((measured) => (measured === null ? [] : [measured.imagesPerSecond]));
}

/** The studio's turns, or the fastest variant of a peer by its median; undefined where none answered. */
export function bestTurns(
  results: BenchmarkResults,
  model: ModelName,
  name: Contestant['name'],
): Turns | undefined {
  const candidates = results.turns.filter(
    (turns) => turns.model === model && turns.name === name && speeds(turns).length > 0,
  );
  return candidates.sort((a, b) => median(speeds(b)) - median(speeds(a)))[0];
}

/** The studio's throughput over a peer's, within each round that both answered; the median of these. */
export function medianRatio(ours: Turns, peer: Turns): number {
  const ratios = ours.measurements.flatMap((measured, round) => {
    const other = peer.measurements[round];
    return measured === null || !other ? [] : [measured.imagesPerSecond / other.imagesPerSecond];
  });
  return median(ratios);
}
