import { join } from 'node:path';
import { z } from 'zod';
import { runProgram } from './run-program.ts';
import type { InstalledPeers } from './install-peers.ts';

export type ModelName = 'mlp' | 'cnn';
export const models: readonly ModelName[] = ['mlp', 'cnn'];

/** `JAX by hand` is a net whose convolutions were rewritten as matrix products for XLA's sake; shown, not raced against. */
export type PeerName = 'PyTorch' | 'Keras' | 'JAX' | 'JAX by hand' | 'tfjs-node';
export const peers: readonly PeerName[] = ['PyTorch', 'Keras', 'JAX', 'JAX by hand', 'tfjs-node'];

/** What a contestant answers. Throughput is of whole epochs after everything is compiled. */
export const measurement = z.object({
  images: z.number(),
  epochs: z.number(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** Most memory its process ever held; null where the platform does not tell. */
  peakMemoryBytes: z.number().nullable(),
  /** Losses of the first 20 steps from the common weights on the common batches; the studio's are taken apart. */
  losses: z.array(z.number()),
  /** Compiling and warming up. */
  compileSeconds: z.number(),
  versions: z.record(z.string(), z.string()),
});
export type Measurement = z.infer<typeof measurement>;

/** How much a contestant is to do. */
export interface Amount {
  /** Whole epochs are added until this time is over. */
  readonly seconds: number;
  /** Images of an epoch to take; 60,000 but for the qualifying round and smoke tests. */
  readonly images: number;
  readonly timeoutMs: number;
}

/** One way of training the model, run as a process of its own. */
export interface Contestant {
  readonly name: PeerName | 'Epoch Studio';
  /** Its options in words, e.g. "2 threads, compiled". */
  readonly variant: string;
  /** The models it takes part with. */
  readonly models: readonly ModelName[];
  measure(model: ModelName, amount: Amount): Promise<Measurement>;
}

/** Where the common inputs lie. */
export interface InputFolders {
  readonly mnist: string;
  readonly models: Readonly<Record<ModelName, string>>;
}

interface PeerProgram {
  readonly name: PeerName;
  readonly variant: string;
  readonly program: string;
  readonly script: string;
  readonly options: readonly string[];
  /** All where left out. */
  readonly models?: readonly ModelName[];
}

function listPrograms({ python, tfjsNode }: InstalledPeers, node: string): PeerProgram[] {
  const torch = (threads: number, compiled: boolean): PeerProgram => ({
    name: 'PyTorch',
    variant: `${threads} thread${threads === 1 ? '' : 's'}, ${compiled ? 'torch.compile' : 'eager'}`,
    program: python.torch,
    script: 'torch_mnist.py',
    options: ['--threads', String(threads), ...(compiled ? ['--compile'] : [])],
  });
  const keras = (jit: boolean): PeerProgram => ({
    name: 'Keras',
    variant: `fit, ${jit ? 'XLA' : 'no XLA'}, 75 steps per execution`,
    program: python.keras,
    script: 'keras_mnist.py',
    options: jit ? ['--jit'] : [],
  });
  const jax = (perStep: boolean): PeerProgram => ({
    name: 'JAX',
    variant: perStep ? 'jit, a call per step' : 'jit, scan over the epoch',
    program: python.jax,
    script: 'jax_mnist.py',
    options: perStep ? ['--per-step'] : [],
  });
  const jaxByHand: PeerProgram = {
    name: 'JAX by hand',
    variant: 'jit, scan over the epoch, convolutions and pooling rewritten',
    program: python.jax,
    script: 'jax_mnist.py',
    options: ['--by-hand'],
    models: ['cnn'],
  };
  const tfjs: PeerProgram = {
    name: 'tfjs-node',
    variant: 'fit',
    program: node,
    script: 'tfjs-node-mnist.ts',
    options: ['--package', tfjsNode],
  };
  const torches = [1, 2].flatMap((threads) => [torch(threads, false), torch(threads, true)]);
  return [...torches, keras(false), keras(true), jax(false), jax(true), jaxByHand, tfjs];
}

/** Every variant of every peer. */
export function listPeers(installed: InstalledPeers, folders: InputFolders, node: string): Contestant[] {
  return listPrograms(installed, node).map(({ name, variant, program, script, options, models: some }) => ({
    name,
    variant,
    models: some ?? models,
    async measure(model, { seconds, images, timeoutMs }) {
      const common = ['--model', model, '--data', folders.mnist, '--inputs', folders.models[model]];
      const amount = ['--seconds', String(seconds), '--images', String(images)];
      const path = join(import.meta.dirname, 'peers', script);
      return measurement.parse(
        await runProgram(program, [path, ...common, ...amount, ...options], {
          timeoutMs,
          label: `${name} (${variant})`,
        }),
      );
    },
  }));
}
