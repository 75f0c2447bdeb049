const SWITCH = 'TF_ENABLE_ONEDNN_OPTS';

/**
 * Has TensorFlow compute convolutions and poolings with oneDNN on every processor: by itself it does so only where the
 * processor has AVX-512's instructions for neural networks, and takes the slower kernels of its own on all others. Whoever
 * has set the switch is left their way. To be called before TensorFlow is loaded, which reads it once.
 */
export function useOneDnn(environment: NodeJS.ProcessEnv): void {
  environment[SWITCH] ??= '1';
}
