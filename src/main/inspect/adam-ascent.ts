const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba 2015) uphill, on an array of numbers; its moments are float64. */
export class AdamAscent {
  readonly #learningRate: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(size: number, learningRate: number) {
    this.#learningRate = learningRate;
    this.#first = new Float64Array(size);
    this.#second = new Float64Array(size);
  }

  /** Takes a step in place. @param gradient as many as `values` */
  step(values: Float32Array, gradient: Float32Array): void {
    this.#steps++;
    const [bias1, bias2] = [1 - BETA_1 ** this.#steps, 1 - BETA_2 ** this.#steps];
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i]!;
      const first = BETA_1 * this.#first[i]! + (1 - BETA_1) * slope;
      const second = BETA_2 * this.#second[i]! + (1 - BETA_2) * slope * slope;
      this.#first[i] = first;
      this.#second[i] = second;
      values[i]! += (this.#learningRate * (first / bias1)) / (Math.sqrt(second / bias2) + EPSILON);
    }
  }
}
