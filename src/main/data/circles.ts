import { openStream, type RandomStream } from '../../shared/random/stream.ts';
import type { GeneratorOptions } from '../../shared/schema/dataset.ts';
import type { DatasetParts, ExampleSet } from './loaded-dataset.ts';

/**
 * Radii of the two rings, by class. With noise 0.32 in each coordinate about 94 of 100 points lie nearer to their own
 * ring than to the other, so no classifier does much better.
 */
export const ringRadii: readonly [number, number] = [2, 1];

function makePart(stream: RandomStream, exampleCount: number, noise: number): ExampleSet {
  const values = new Float32Array(exampleCount * 2);
  const labels = new Int32Array(exampleCount);
  for (let row = 0; row < exampleCount; row++) {
    const ring = row % 2;
    const radius = ringRadii[ring === 0 ? 0 : 1];
    const angle = 2 * Math.PI * stream.nextUniform();
    values[2 * row] = radius * Math.cos(angle) + noise * stream.nextNormal();
    values[2 * row + 1] = radius * Math.sin(angle) + noise * stream.nextNormal();
    labels[row] = ring;
  }
  return { features: { shape: [exampleCount, 2], values }, targets: [labels], exampleCount };
}

/** Two concentric rings, one class per ring in turn; features [examples, 2]. Same options, same points. */
export function generateCircles(options: GeneratorOptions): DatasetParts {
  const { seed, noise } = options;
  return {
    train: makePart(openStream(seed, 'generator', 'circles/train'), options.trainExamples, noise),
    test: makePart(openStream(seed, 'generator', 'circles/test'), options.testExamples, noise),
  };
}
