import type { LayerKind, LayerSpec } from '../../../shared/schema/model.ts';
import { activationLayer } from './activation.ts';
import { batchNormLayer } from './batch-norm.ts';
import { conv2dLayer } from './conv2d.ts';
import type { LayerDefinition, LayerOf } from './definition.ts';
import { denseLayer } from './dense.ts';
import { dropoutLayer } from './dropout.ts';
import { flattenLayer } from './flatten.ts';
import { globalAveragePool2dLayer, globalMaxPool2dLayer } from './global-pool2d.ts';
import { averagePool2dLayer, maxPool2dLayer } from './pool2d.ts';

const definitions = {
  dense: denseLayer,
  conv2d: conv2dLayer,
  'max-pool2d': maxPool2dLayer,
  'average-pool2d': averagePool2dLayer,
  'global-average-pool2d': globalAveragePool2dLayer,
  'global-max-pool2d': globalMaxPool2dLayer,
  'batch-norm': batchNormLayer,
  dropout: dropoutLayer,
  flatten: flattenLayer,
  activation: activationLayer,
} as const satisfies { readonly [K in LayerKind]: LayerDefinition<LayerOf<K>> };

/** The definition that belongs to a layer's kind; give it that layer (or one of the same kind) only. */
export function definitionOf(layer: LayerSpec): LayerDefinition {
  return definitions[layer.kind];
}
