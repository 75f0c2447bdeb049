/** XLA's older way to make machine code of fused operations, without MLIR. */
const FLAG = '--xla_cpu_use_fusion_emitters=false';

/**
 * Makes XLA compile in half the time (0.73 instead of 1.12 s of CPU for a population of A1), for programs that are up
 * to a fifth slower: worth it where a process compiles many nets of which each trains for a second or two. To be called
 * before TensorFlow is loaded, which reads its flags once.
 */
export function compileQuickly(environment: NodeJS.ProcessEnv): void {
  environment.XLA_FLAGS = [environment.XLA_FLAGS, FLAG].filter(Boolean).join(' ');
}
