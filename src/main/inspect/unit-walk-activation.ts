import type { UnitWalk } from '../../shared/schema/inspection.ts';
import type { ActivationKind } from '../../shared/schema/model.ts';

type Elementwise = Exclude<ActivationKind, 'softmax'>;

const functions: Readonly<Record<Elementwise, (x: number, negativeSlope: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  'leaky-relu': (x, negativeSlope) => (x < 0 ? negativeSlope * x : x),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** What an activation is applied to: of a unit among all units of its place. */
export interface ActivationInput {
  readonly layer: string;
  readonly from: string;
  readonly kind: ActivationKind;
  readonly negativeSlope: number;
  readonly unit: number;
  /** Of the unit itself. */
  readonly input: number;
  /** Of all units at the place, for softmax. */
  readonly all: () => ArrayLike<number>;
}

/** Softmax laid open, its exponentials taken from the largest logit so that none overflows. */
export function softmaxStep(layer: string, from: string, unit: number, all: ArrayLike<number>): UnitWalk {
  const logits = Float64Array.from(all);
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return {
    kind: 'softmax',
    layer,
    from,
    unit,
    logits: Float32Array.from(logits),
    exponentials: Float32Array.from(exponentials),
    sum,
    probabilities: Float32Array.from(exponentials, (exponential) => exponential / sum),
  };
}

/** One elementwise activation. */
export function activationStep({
  layer,
  from,
  kind,
  negativeSlope,
  input,
}: Omit<ActivationInput, 'kind' | 'unit' | 'all'> & { readonly kind: Elementwise }): UnitWalk {
  return {
    kind: 'activation',
    layer,
    from,
    activation: kind,
    negativeSlope: kind === 'leaky-relu' ? negativeSlope : null,
    input,
    result: functions[kind](input, negativeSlope),
  };
}

/** The step of an activation; none for a linear one. */
export function activationSteps(activation: ActivationInput): UnitWalk[] {
  const { kind, layer, from, unit, all } = activation;
  if (kind === 'linear') return [];
  if (kind === 'softmax') return [softmaxStep(layer, from, unit, all())];
  return [activationStep({ ...activation, kind })];
}
