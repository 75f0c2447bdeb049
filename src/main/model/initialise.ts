import { openStream, type RandomStream } from '../../shared/random/stream.ts';
import type { StateTensor } from '../engine/engine.ts';
import { sizeOf, type VariableSpec } from './layers/definition.ts';
import { variableName, type ModelPlan } from './plan.ts';

type Draw = () => number;

function uniformBetween(stream: RandomStream, minimum: number, maximum: number): Draw {
  return () => minimum + (maximum - minimum) * stream.nextUniform();
}

function uniformWithin(stream: RandomStream, limit: number): Draw {
  return uniformBetween(stream, -limit, limit);
}

function normalAround(stream: RandomStream, mean: number, standardDeviation: number): Draw {
  return () => mean + standardDeviation * stream.nextNormal();
}

/** Variance 2 / (fanIn + fanOut) for glorot, 2 / fanIn for he; a uniform of that variance reaches sqrt(3 variance). */
function chooseDraw(variable: VariableSpec, stream: RandomStream): Draw {
  const { initializer, fanIn, fanOut } = variable;
  const glorotVariance = 2 / (fanIn + fanOut);
  const heVariance = 2 / fanIn;
  switch (initializer.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'uniform':
      return uniformBetween(stream, initializer.minimum, initializer.maximum);
    case 'normal':
      return normalAround(stream, initializer.mean, initializer.standardDeviation);
    case 'glorot-uniform':
      return uniformWithin(stream, Math.sqrt(3 * glorotVariance));
    case 'glorot-normal':
      return normalAround(stream, 0, Math.sqrt(glorotVariance));
    case 'he-uniform':
      return uniformWithin(stream, Math.sqrt(3 * heVariance));
    case 'he-normal':
      return normalAround(stream, 0, Math.sqrt(heVariance));
    default:
      return initializer satisfies never;
  }
}

/**
 * First values of one variable: Glorot and Bengio (2010), He et al. (2015), or plainly uniform or normal.
 * @param stream read from its present position
 */
export function initialiseVariable(variable: VariableSpec, stream: RandomStream): Float32Array {
  const values = new Float32Array(sizeOf(variable.shape));
  const draw = chooseDraw(variable, stream);
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

/**
 * First values of a whole model, parameters and buffers in the order of the layers. Each variable has a stream of its
 * own, named after it, so that adding a layer leaves the others' numbers alone.
 */
export function initialiseModel(plan: ModelPlan, seed: number): StateTensor[] {
  return plan.layers.flatMap((layer) =>
    layer.variables.map((variable) => {
      const name = variableName(layer, variable);
      const values = initialiseVariable(variable, openStream(seed, 'init', name));
      return { name, role: variable.role, shape: variable.shape, values };
    }),
  );
}
