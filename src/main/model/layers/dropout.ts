import type { LayerDefinition, LayerOf } from './definition.ts';

/** Inverted dropout (Srivastava et al. 2014): off at inference, scaled up while training. */
export const dropoutLayer: LayerDefinition<LayerOf<'dropout'>> = {
  outputShape: (_layer, input) => input,
  variables: () => [],
  reach: () => ({ kind: 'point' }),
  forwardFlops: () => 0,
  forward(layer, x, { ops, training }) {
    if (training === null || layer.rate === 0) return x;
    return ops.dropout(x, layer.rate, training.randomKey, training.step);
  },
};
