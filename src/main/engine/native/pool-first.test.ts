import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Engine, TrainingStep } from '../engine.ts';
import { openEngine } from '../index.ts';
import { GraphBuilder, type Ref } from './graph-builder.ts';
import { poolFirst } from './pool-first.ts';

const IMAGES = [2, 4, 4, 3];
const SHAPES: Readonly<Record<Ref, readonly number[]>> = { x: IMAGES, vector: [3], abs: [3], image: IMAGES };

/** max-pool(f(x)) with its gradient, written as the recorder does. */
function pooledGraph(f: readonly [op: string, ...others: Ref[]]): GraphBuilder {
  const graph = new GraphBuilder();
  for (const name of ['x', 'vector', 'image', 'g']) graph.add('Placeholder', [], {}, name);
  graph.add('Abs', ['vector'], {}, 'abs');
  const [op, ...others] = f;
  graph.add(op, ['x', ...others], {}, 'whole');
  graph.add('MaxPool', ['whole'], {}, 'pool');
  graph.add('MaxPoolGrad', ['whole', 'pool', 'g'], {}, 'scatter');
  return graph;
}

/** The operations that `ref` needs, from the first on, each with what it reads. */
function formula(graph: GraphBuilder, ref: Ref): string {
  const { op, inputs } = graph.node(ref)!;
  return op === 'Placeholder' ? ref : `${op}(${inputs.map((input) => formula(graph, input)).join(', ')})`;
}

function rewritten(graph: GraphBuilder): GraphBuilder {
  poolFirst(graph, (ref) => SHAPES[ref]);
  return graph;
}

describe('max pooling in a graph', () => {
  it.each([
    [['Relu'], 'Relu(MaxPool(x))'],
    [['Add', 'vector'], 'Add(MaxPool(x), vector)'],
    [['Mul', 'abs'], 'Mul(MaxPool(x), Abs(vector))'],
    [['Mul', 'vector'], 'MaxPool(Mul(x, vector))'],
    [['Add', 'image'], 'MaxPool(Add(x, image))'],
    [['Softmax'], 'MaxPool(Softmax(x))'],
  ] as const)('comes before %j only where that keeps the maximum in its place', (f, expected) => {
    expect(formula(rewritten(pooledGraph(f)), 'pool')).toBe(expected);
  });

  it('takes the gradients with it', () => {
    const graph = pooledGraph(['Relu']);
    graph.add('ReluGrad', ['scatter', 'whole'], {}, 'slope');
    graph.add('Mul', ['slope', 'vector'], {}, 'scaled');
    graph.add('BiasAddGrad', ['slope'], {}, 'sum');
    rewritten(graph);
    const small = 'ReluGrad(g, Relu(MaxPool(x)))';
    expect(formula(graph, 'scaled')).toBe(`MaxPoolGrad(x, MaxPool(x), Mul(${small}, vector))`);
    expect(formula(graph, 'sum')).toBe(`BiasAddGrad(${small})`);
  });

  it('stays behind a function whose result something else takes', () => {
    const graph = pooledGraph(['Relu']);
    graph.add('Conv2D', ['whole', 'vector'], {}, 'other');
    expect(formula(rewritten(graph), 'pool')).toBe('MaxPool(Relu(x))');
  });

  it.each([
    ['rows of channels', [32, 3], 'BiasAddGrad(g)'],
    ['rows of whole images', [2, 48], 'BiasAddGrad(Reshape(MaxPoolGrad(x, MaxPool(x), g)))'],
  ])('sums its gradient over %s as the shape wants it', (_, shape, expected) => {
    const graph = pooledGraph(['Relu']);
    graph.replace({ name: 'scatter', op: 'MaxPoolGrad', inputs: ['whole', 'pool', 'g'], attributes: {} });
    graph.add('Reshape', ['scatter'], {}, 'rows');
    graph.add('BiasAddGrad', ['rows'], {}, 'sum');
    poolFirst(graph, (ref) => (ref === 'rows' ? shape : SHAPES[ref]));
    expect(formula(graph, 'sum')).toBe(expected);
  });
});

const EXAMPLES = 32;
const CHANNELS = 4;
const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(tf.mul(x, 6)),
  'leaky relu': (x) => tf.leakyRelu(x, 0.3),
  elu: (x) => tf.elu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.softplus(x),
};

function waves(shape: readonly number[], speed: number): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(speed * (i + 1)));
}

/** Convolution, batch normalisation (one scale is negative), an activation and pooling; plain descent. */
function pooledStep(activation: (x: Tensor) => Tensor): TrainingStep {
  const parameters = {
    kernel: [3, 3, 2, CHANNELS],
    bias: [CHANNELS],
    scale: [CHANNELS],
    offset: [CHANNELS],
  };
  const names = Object.keys(parameters);
  const imageShape = [EXAMPLES, 7, 7, 2];
  return {
    state: Object.entries(parameters).map(([name, shape], i) => ({
      name,
      role: 'parameter',
      shape,
      values: waves(shape, 1.7 + i),
    })),
    inputs: [{ name: 'x', shape: imageShape, values: waves(imageShape, 0.37) }],
    scalarNames: [],
    metricNames: ['loss'],
    separable: true,
    update: {
      slots: [],
      fused: null,
      apply: ({ parameter, gradient }) => ({
        parameter: tf.sub(parameter, tf.mul(gradient, 0.1)),
        slots: [],
      }),
    },
    run: ({ ops, batch, state, share }) => {
      const loss = (...[kernel, bias, scale, offset]: Tensor[]): Tensor => {
        const map = ops.biasAdd(tf.conv2d(batch.x as Tensor4D, kernel as Tensor4D, 1, 'same'), bias!);
        const { normalised } = ops.batchNormTraining(map, scale!, offset!, 1e-5);
        const pooled = tf.maxPool(activation(normalised) as Tensor4D, 2, 2, 'valid');
        return tf.mul(tf.mean(tf.square(tf.sub(pooled, 0.3))), share);
      };
      const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => state[name]!));
      return {
        gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
        buffers: {},
        metrics: [value],
      };
    },
  };
}

describe('a step with max pooling', () => {
  let engine: Engine;
  beforeAll(async () => {
    const workload = { batchSize: EXAMPLES, hasConvolutions: true, separable: true };
    ({ engine } = await openEngine(
      { choice: 'tensorflow', threads: 2, device: 'cpu' },
      cacheDirectory(),
      workload,
    ));
  });
  afterAll(() => engine.dispose());

  it.each(Object.entries(activations))('after %s trains in shards as op by op', async (_, activation) => {
    const train = async (executor: 'eager' | 'graph'): Promise<number[]> => {
      const options = { batchSize: EXAMPLES, plannedSteps: 4, hasConvolutions: true, stepsPerCall: 4 };
      const program = await engine.createTrainingProgram(pooledStep(activation), { ...options, executor });
      const indices = Int32Array.from({ length: 4 * EXAMPLES }, (_, i) => i % EXAMPLES);
      const call = { indices, batchSize: EXAMPLES, steps: 4, scalars: {}, firstStep: 0 };
      const losses = await program.run(call);
      const state = await program.readState();
      program.dispose();
      return [...losses, ...state.flatMap(({ values }) => [...values])];
    };
    const expected = await train('eager');
    const found = await train('graph');
    expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(2e-5);
  });
});
