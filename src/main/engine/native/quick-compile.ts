/** XLA's older way to make machine code of fused operations, without MLIR, and all of a program's at once. */
const FLAGS = '--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1';

/**
 * Makes XLA compile in half the time (0.40 instead of 0.80 s of CPU for a population of A1), for programs that are up
 * to a fifth slower: worth it where a process compiles many nets of which each trains for a second or two. To be called
 * before TensorFlow is loaded, which reads its flags once.
 */
export function compileQuickly(environment: NodeJS.ProcessEnv): void {
  environment.XLA_FLAGS = [environment.XLA_FLAGS, FLAGS].filter(Boolean).join(' ');
}
