import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimizerSpec, type OptimizerSpec } from '../../../shared/schema/training.ts';
import { createOptimizer } from './index.ts';

beforeAll(() => tf.setBackend('cpu'));

const GRADIENTS = [0.5, -0.25, 1e-4, 2, -0.75];
const START = 1.5;

/** The parameter after each of the gradients, by the rule in plain tensors. */
function follow(spec: OptimizerSpec): number[] {
  const { rule, scalars } = createOptimizer(spec);
  let parameter: tf.Tensor = tf.tensor1d([START]);
  let slots: readonly tf.Tensor[] = rule.slots.map(() => tf.tensor1d([0]));
  return GRADIENTS.map((gradient, i) => {
    const named = Object.entries(scalars).map(([name, at]) => [name, tf.scalar(at(i + 1))]);
    const input = { parameter, gradient: tf.tensor1d([gradient]), slots, scalars: Object.fromEntries(named) };
    ({ parameter, slots } = rule.apply(input));
    return parameter.dataSync()[0]!;
  });
}

/** The same by a scalar recurrence in float64, written from torch.optim's documentation. */
function expectFollows(input: unknown, update: (w: number, g: number, t: number) => number): void {
  const spec = optimizerSpec.parse(input);
  let w = START;
  const expected = GRADIENTS.map((g, i) => (w = update(w, g, i + 1)));
  follow(spec).forEach((found, i) => expect(Math.abs(found / expected[i]! - 1)).toBeLessThan(1e-5));
}

describe('sgd', () => {
  it('takes a step down the gradient, decay added to it', () => {
    expectFollows({ kind: 'sgd', learningRate: 0.1, weightDecay: 0.2 }, (w, g) => w - 0.1 * (g + 0.2 * w));
  });

  it('keeps a velocity', () => {
    let velocity = 0;
    expectFollows({ kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.2 }, (w, g) => {
      velocity = 0.9 * velocity + g + 0.2 * w;
      return w - 0.1 * velocity;
    });
  });

  it('looks ahead with Nesterov', () => {
    let velocity = 0;
    expectFollows({ kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true }, (w, g) => {
      velocity = 0.9 * velocity + g;
      return w - 0.1 * (g + 0.9 * velocity);
    });
  });
});

describe('adam', () => {
  /** An epsilon large enough that its place matters. */
  const epsilon = 0.01;

  function createReference(decoupled: number, l2: number): (w: number, g: number, t: number) => number {
    let m = 0;
    let v = 0;
    return (w, g, t) => {
      const slope = g + l2 * w;
      m = 0.8 * m + 0.2 * slope;
      v = 0.95 * v + 0.05 * slope ** 2;
      const root = Math.sqrt(v / (1 - 0.95 ** t)) + epsilon;
      return w * (1 - 0.1 * decoupled) - (0.1 * (m / (1 - 0.8 ** t))) / root;
    };
  }

  it('corrects both averages and adds epsilon to the corrected root', () => {
    expectFollows(
      { kind: 'adam', learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon, weightDecay: 0.3 },
      createReference(0, 0.3),
    );
  });

  it('decays weights beside the step as adamw', () => {
    expectFollows(
      { kind: 'adamw', learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon, weightDecay: 0.3 },
      createReference(0.3, 0),
    );
  });
});

describe('rmsprop', () => {
  it('divides by the root of the average, epsilon outside the root', () => {
    let square = 0;
    expectFollows({ kind: 'rmsprop', learningRate: 0.1, smoothing: 0.9, epsilon: 0.01 }, (w, g) => {
      square = 0.9 * square + 0.1 * g ** 2;
      return w - (0.1 * g) / (Math.sqrt(square) + 0.01);
    });
  });

  it('keeps a velocity free of the learning rate', () => {
    let square = 0;
    let velocity = 0;
    expectFollows(
      { kind: 'rmsprop', learningRate: 0.1, smoothing: 0.9, momentum: 0.5, epsilon: 0.01, weightDecay: 0.2 },
      (w, g) => {
        const slope = g + 0.2 * w;
        square = 0.9 * square + 0.1 * slope ** 2;
        velocity = 0.5 * velocity + slope / (Math.sqrt(square) + 0.01);
        return w - 0.1 * velocity;
      },
    );
  });
});

describe('fused updates', () => {
  const fusedOf = (input: unknown) => createOptimizer(optimizerSpec.parse(input)).rule.fused;

  it('name TensorFlow ops and only scalars that the optimizer computes', () => {
    for (const input of [
      { kind: 'sgd', learningRate: 0.1 },
      { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
      { kind: 'adam', learningRate: 0.1 },
      { kind: 'adamw', learningRate: 0.1 },
    ]) {
      const { rule, scalars } = createOptimizer(optimizerSpec.parse(input));
      expect(rule.fused?.op).toMatch(/^ResourceApply/);
      const named = rule.fused!.inputs.filter(
        (name) => typeof name === 'string' && name.startsWith('scalar:'),
      );
      for (const name of named)
        expect(Object.keys(scalars)).toContain((name as string).slice('scalar:'.length));
    }
  });

  it('follow the rule: what TensorFlow computes from the inputs of Adam', () => {
    const { scalars, rule } = createOptimizer(
      optimizerSpec.parse({ kind: 'adam', learningRate: 0.1, epsilon: 0.01 }),
    );
    // ResourceApplyAdam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad)
    expect(rule.fused?.inputs[5]).toBe('scalar:stepSize');
    expect(rule.fused?.inputs[8]).toBe('scalar:epsilon');
    const [m, v, t] = [0.3, 0.04, 3];
    const tensorFlow = (scalars.stepSize!(t) * m) / (Math.sqrt(v) + scalars.epsilon!(t));
    const torch = (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 0.01);
    expect(tensorFlow).toBeCloseTo(torch, 12);
  });

  it('say where the decay goes', () => {
    expect(fusedOf({ kind: 'adam', learningRate: 0.1, weightDecay: 0.2 })).toMatchObject({
      l2: 0.2,
      decoupledDecay: 0,
    });
    expect(fusedOf({ kind: 'adamw', learningRate: 0.1, weightDecay: 0.2 })).toMatchObject({
      l2: 0,
      decoupledDecay: 0.2,
    });
  });

  it('are left out where TensorFlow has another definition', () => {
    expect(fusedOf({ kind: 'rmsprop', learningRate: 0.1 })).toBeNull();
  });
});
