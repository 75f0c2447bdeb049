import type { UnitWalk } from '../../../shared/schema/inspection.ts';
import { plainTick } from '../../charts/chart.ts';

type Convolution = Extract<UnitWalk, { kind: 'convolution' }>;
type Dense = Extract<UnitWalk, { kind: 'dense' }>;
type Activation = Extract<UnitWalk, { kind: 'activation' }>;

/** One input channel of a convolution. */
export interface ChannelRow {
  readonly channel: number;
  /** [height, width] flat. */
  readonly patch: Float32Array;
  readonly kernel: Float32Array;
  /** Sum of its products, and of those of all channels up to it in this order. */
  readonly sum: number;
  readonly soFar: number;
}

/** One channel out of [height, width, channels]. */
function channelOf(values: Float32Array, channel: number, channels: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, i) => values[i * channels + channel]!);
}

/** The channels of a convolution, that whose products add most (in size) first. */
export function channelRows({ shape, patch, kernel, perChannel }: Convolution): ChannelRow[] {
  const [, , channels] = shape;
  const order = [...perChannel.keys()].sort(
    (a, b) => Math.abs(perChannel[b]!) - Math.abs(perChannel[a]!) || a - b,
  );
  let soFar = 0;
  return order.map((channel) => {
    const sum = perChannel[channel]!;
    soFar += sum;
    return {
      channel,
      patch: channelOf(patch, channel, channels),
      kernel: channelOf(kernel, channel, channels),
      sum,
      soFar,
    };
  });
}

/** One input of a dense unit. */
export interface ContributionRow {
  readonly index: number;
  readonly input: number;
  readonly weight: number;
  readonly product: number;
  readonly soFar: number;
}

/** The inputs of a dense unit, that whose product is largest in size first. */
export function contributionRows({ inputs, weights }: Dense): ContributionRow[] {
  const products = Float64Array.from(inputs, (input, i) => input * weights[i]!);
  const order = [...products.keys()].sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!) || a - b);
  let soFar = 0;
  return order.map((index) => {
    soFar += products[index]!;
    return { index, input: inputs[index]!, weight: weights[index]!, product: products[index]!, soFar };
  });
}

/** A number behind a sign of its own, e.g. "+ 0.5" or "− 0.5". */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'} ${plainTick(Math.abs(value))}`;
}

/** A number with a true minus sign. */
export function plain(value: number): string {
  return plainTick(value).replace('-', '−');
}

const FORMULAS: Readonly<Record<string, string>> = {
  relu: 'max(0, x)',
  relu6: 'min(6, max(0, x))',
  elu: 'x above 0, else exp(x) − 1',
  tanh: 'tanh x',
  sigmoid: '1 / (1 + exp(−x))',
  softplus: 'log(1 + exp x)',
};

/** What an activation does, e.g. "max(0, x)". */
export function formulaOf({ activation, negativeSlope }: Activation): string {
  if (negativeSlope !== null) return `x above 0, else ${plain(negativeSlope)} x`;
  return FORMULAS[activation] ?? 'x';
}

/** A step's own result; of a softmax the unit's probability. */
export function resultOf(step: UnitWalk): number {
  return step.kind === 'softmax' ? (step.probabilities[step.unit] ?? 0) : step.result;
}

const TITLES: Readonly<Record<UnitWalk['kind'], string>> = {
  convolution: 'Convolution',
  pool: 'Pooling',
  dense: 'Weighted sum',
  normalisation: 'Batch normalisation',
  sum: 'Sum of layers',
  pass: 'Handed on',
  activation: 'Activation',
  softmax: 'Softmax',
};

export function titleOf(step: UnitWalk): string {
  if (step.kind === 'activation') return `Activation: ${step.activation}`;
  if (step.kind === 'pool') return step.mode === 'max' ? 'Max pooling' : 'Average pooling';
  return TITLES[step.kind];
}
