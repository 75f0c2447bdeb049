import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Machine } from './results.ts';
import { runProgram } from './run-program.ts';

const matmulAnswer = z.object({ gflops: z.number(), threads: z.number() });

/** Describes this machine and measures its matrix product. */
export async function describeMachine(torchPython: string): Promise<Machine> {
  const script = join(import.meta.dirname, 'peers', 'matmul_torch.py');
  const answer = await runProgram(torchPython, [script], { timeoutMs: 120_000, label: 'matrix product' });
  const { gflops, threads } = matmulAnswer.parse(answer);
  return {
    processor: cpus()[0]?.model ?? 'unknown processor',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    matmulGflops: gflops,
    matmulThreads: threads,
  };
}
