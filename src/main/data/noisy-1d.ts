import { openStream, type RandomStream } from '../../shared/random/stream.ts';
import type { GeneratorOptions } from '../../shared/schema/dataset.ts';
import type { DatasetParts, ExampleSet } from './loaded-dataset.ts';

const HALF_WIDTH = 5;

/** Stretches of x without training points, so that a fit has to bridge them. */
export const trainGaps: readonly (readonly [number, number])[] = [
  [-3, -1],
  [2, 3],
];

/**
 * The smooth function under the noise, in about (-4, 7) with the noise on [-5, 5]. The reports' own points are not
 * published; this curve bends about as much as a net with their settings and their error suggests.
 */
export function noisyCurve(x: number): number {
  return 1.8 + x + 0.8 * Math.sin(0.6 * x);
}

function drawX(stream: RandomStream, gaps: readonly (readonly [number, number])[]): number {
  for (;;) {
    const x = HALF_WIDTH * (2 * stream.nextUniform() - 1);
    if (!gaps.some(([from, to]) => x >= from && x <= to)) return x;
  }
}

function makePart(
  stream: RandomStream,
  exampleCount: number,
  noise: number,
  gaps: readonly (readonly [number, number])[],
): ExampleSet {
  const values = new Float32Array(exampleCount);
  const heights = new Float32Array(exampleCount);
  for (let row = 0; row < exampleCount; row++) {
    const x = drawX(stream, gaps);
    values[row] = x;
    heights[row] = noisyCurve(x) + noise * stream.nextNormal();
  }
  return { features: { shape: [exampleCount, 1], values }, targets: [heights], exampleCount };
}

/**
 * Regression on a noisy curve: x uniform in [-5, 5] (training leaves out {@link trainGaps}), y the curve plus Gaussian
 * noise. Features [examples, 1], one target [examples]. Same options, same points.
 */
export function generateNoisy1d(options: GeneratorOptions): DatasetParts {
  const { seed, noise } = options;
  return {
    train: makePart(openStream(seed, 'generator', 'noisy-1d/train'), options.trainExamples, noise, trainGaps),
    test: makePart(openStream(seed, 'generator', 'noisy-1d/test'), options.testExamples, noise, []),
  };
}
