import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Machine } from './results.ts';
import { runProgram } from './run-program.ts';

const matmulAnswer = z.object({ gflops: z.number(), threads: z.number() });

const processor = (): string => cpus()[0]?.model ?? 'unknown processor';
const system = (): string => `${type()} ${release()}`;

/** This machine in a line. */
export function machineLine(): string {
  return `${processor()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${system()}`;
}

/** Describes this machine and measures its matrix product. */
export async function describeMachine(torchPython: string): Promise<Machine> {
  const script = join(import.meta.dirname, 'peers', 'matmul_torch.py');
  const answer = await runProgram(torchPython, [script], { timeoutMs: 120_000, label: 'matrix product' });
  const { gflops, threads } = matmulAnswer.parse(answer);
  return {
    processor: processor(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: system(),
    node: process.versions.node,
    matmulGflops: gflops,
    matmulThreads: threads,
  };
}
