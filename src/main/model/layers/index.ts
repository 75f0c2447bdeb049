import type { LayerKind, LayerSpec } from '../../../shared/schema/model.ts';
import { activationLayer } from './activation.ts';
import { batchNormLayer } from './batch-norm.ts';
import { conv2dLayer } from './conv2d.ts';
import type { LayerOf, NodeDefinition } from './definition.ts';
import { denseLayer } from './dense.ts';
import { dropoutLayer } from './dropout.ts';
import { flattenLayer } from './flatten.ts';
import { globalAveragePool2dLayer, globalMaxPool2dLayer } from './global-pool2d.ts';
import { addLayer, concatenateLayer } from './join.ts';
import { oneInput } from './one-input.ts';
import { averagePool2dLayer, maxPool2dLayer } from './pool2d.ts';

const definitions = {
  dense: oneInput(denseLayer),
  conv2d: oneInput(conv2dLayer),
  'max-pool2d': oneInput(maxPool2dLayer),
  'average-pool2d': oneInput(averagePool2dLayer),
  'global-average-pool2d': oneInput(globalAveragePool2dLayer),
  'global-max-pool2d': oneInput(globalMaxPool2dLayer),
  'batch-norm': oneInput(batchNormLayer),
  dropout: oneInput(dropoutLayer),
  flatten: oneInput(flattenLayer),
  activation: oneInput(activationLayer),
  add: addLayer,
  concatenate: concatenateLayer,
} as const satisfies { readonly [K in LayerKind]: NodeDefinition<LayerOf<K>> };

/** The definition that belongs to a layer's kind; give it that layer (or one of the same kind) only. */
export function definitionOf(layer: LayerSpec): NodeDefinition {
  return definitions[layer.kind];
}
