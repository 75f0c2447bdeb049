import { openStream, type RandomStream } from '../../shared/random/stream.ts';
import type { GeneratorOptions } from '../../shared/schema/dataset.ts';
import type { DatasetParts, ExampleSet } from './loaded-dataset.ts';

/** Turns each arm makes around the centre. */
const TURNS = 1.5;
/** Radius of an arm's outer end; the coordinates lie in about [-RADIUS, RADIUS]. */
const RADIUS = 2;
/** Share of the arm's length left out at the centre, where the arms would touch. */
const INNER_SHARE = 0.05;

/**
 * A noise-free point of an Archimedean spiral: `share` in [0, 1] along the arm, arm 0 or 1 (the same turned by pi).
 * @returns [x, y]
 */
export function spiralPoint(share: number, arm: number): [number, number] {
  const radius = RADIUS * (INNER_SHARE + (1 - INNER_SHARE) * share);
  const angle = (2 * Math.PI * TURNS * radius) / RADIUS + Math.PI * arm;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function makePart(stream: RandomStream, exampleCount: number, noise: number): ExampleSet {
  const values = new Float32Array(exampleCount * 2);
  const labels = new Int32Array(exampleCount);
  for (let row = 0; row < exampleCount; row++) {
    const arm = row % 2;
    // The square root spreads points evenly along the arm, whose length grows with the square of the radius.
    const [x, y] = spiralPoint(Math.sqrt(stream.nextUniform()), arm);
    values[2 * row] = x + noise * stream.nextNormal();
    values[2 * row + 1] = y + noise * stream.nextNormal();
    labels[row] = arm;
  }
  return { features: { shape: [exampleCount, 2], values }, targets: [labels], exampleCount };
}

/** Two interleaved spirals, one class per arm in turn; features [examples, 2]. Same options, same points. */
export function generateSpirals(options: GeneratorOptions): DatasetParts {
  const { seed, noise } = options;
  return {
    train: makePart(openStream(seed, 'generator', 'spirals/train'), options.trainExamples, noise),
    test: makePart(openStream(seed, 'generator', 'spirals/test'), options.testExamples, noise),
  };
}
