import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  describeShape,
  sizeOf,
  type LayerOf,
  type NodeDefinition,
  type RefuseLayer,
  type Shape,
} from './definition.ts';

function requireSeveral(inputs: readonly Shape[], refuse: RefuseLayer): readonly [Shape, ...Shape[]] {
  const [first, ...others] = inputs;
  if (first !== undefined && others.length > 0) return [first, ...others];
  return refuse(
    `brings several layers together and is given ${inputs.length}`,
    'name two layers or more in its inputs',
    'inputs',
  );
}

const isSameShape = (a: Shape, b: Shape): boolean => a.join() === b.join();

function describeShapes(shapes: readonly Shape[]): string {
  return shapes.map(describeShape).join(' and ');
}

function shapeOfSum(inputs: readonly Shape[], refuse: RefuseLayer): Shape {
  const [first, ...others] = requireSeveral(inputs, refuse);
  if (others.every((shape) => isSameShape(shape, first))) return first;
  return refuse(
    `adds inputs of one shape and is given ${describeShapes(inputs)}`,
    'give the layers before it the same number of units or filters and the same strides',
    'inputs',
  );
}

/** The sum of its inputs (residual connection, He et al. 2016). */
export const addLayer: NodeDefinition<LayerOf<'add'>> = {
  outputShape: (_layer, inputs, refuse) => shapeOfSum(inputs, refuse),
  variables: () => [],
  reach: () => ({ kind: 'point' }),
  forwardFlops: (_layer, inputs, output) => (inputs.length - 1) * sizeOf(output),
  forward: (_layer, inputs): Tensor => tf.addN([...inputs]),
};

function shapeSideBySide(inputs: readonly Shape[], refuse: RefuseLayer): Shape {
  const all = requireSeveral(inputs, refuse);
  const before = all[0].slice(0, -1);
  if (!all.every((shape) => shape.length === all[0].length && isSameShape(shape.slice(0, -1), before))) {
    refuse(
      `joins inputs along their last axis and is given ${describeShapes(inputs)}`,
      'make all other sides equal, or put a flatten layer before it',
      'inputs',
    );
  }
  return [...before, all.reduce((sum, shape) => sum + (shape.at(-1) ?? 1), 0)];
}

/** Its inputs side by side along the last axis. */
export const concatenateLayer: NodeDefinition<LayerOf<'concatenate'>> = {
  outputShape: (_layer, inputs, refuse) => shapeSideBySide(inputs, refuse),
  variables: () => [],
  reach: () => ({ kind: 'point' }),
  forwardFlops: () => 0,
  forward: (_layer, inputs): Tensor => tf.concat([...inputs], -1),
};
