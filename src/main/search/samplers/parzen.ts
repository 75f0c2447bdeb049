import type { RandomStream } from '../../../shared/random/stream.ts';
import { createKernels, type Axis, type Kernels } from './kernels.ts';

/** The newest observations that count in full. */
const FULL_WEIGHTS = 25;

/** Weights of n observations in the order of their trials: the older ones of more than 25 count less and less. */
export function observationWeights(count: number): number[] {
  const ramp = Math.max(0, count - FULL_WEIGHTS);
  return Array.from({ length: count }, (_, at) => {
    if (at >= ramp) return 1;
    return ramp === 1 ? 1 / count : 1 / count + (at / (ramp - 1)) * (1 - 1 / count);
  });
}

/**
 * A Parzen estimator over several axes: a mixture of products of kernels, one on each observation and an even prior
 * (Bergstra et al. 2011, Falkner et al. 2018, as Optuna defines them).
 */
export class ParzenEstimator {
  readonly #kernels: readonly Kernels[];
  readonly #logWeights: readonly number[];
  readonly #weights: readonly number[];

  /** @param observations places on the axes, in the order of their trials */
  constructor(axes: readonly Axis[], observations: readonly (readonly number[])[]) {
    this.#kernels = axes.map((axis, at) =>
      createKernels(
        axis,
        observations.map((places) => places[at]!),
      ),
    );
    const weights = [...observationWeights(observations.length), 1];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#weights = weights.map((weight) => weight / total);
    this.#logWeights = this.#weights.map(Math.log);
  }

  draw(stream: RandomStream): number[] {
    const component = this.#drawComponent(stream.nextUniform());
    return this.#kernels.map((kernels) => kernels.draw(component, stream));
  }

  #drawComponent(quantile: number): number {
    let sum = 0;
    const last = this.#weights.length - 1;
    for (let component = 0; component < last; component++) {
      sum += this.#weights[component]!;
      if (quantile < sum) return component;
    }
    return last;
  }

  logDensity(places: readonly number[]): number {
    const terms = this.#logWeights.map((logWeight, component) =>
      this.#kernels.reduce((sum, kernels, at) => sum + kernels.logDensity(component, places[at]!), logWeight),
    );
    const most = Math.max(...terms);
    if (most === -Infinity) return -Infinity;
    return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
  }
}
