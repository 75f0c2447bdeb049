import { openStream } from '../../shared/random/stream.ts';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { ExampleSet, LoadedDataset } from '../data/loaded-dataset.ts';

/*
 * For tests of nets with several heads: small colour images of a bar, its direction the main target, its colour and its
 * brightness the others.
 */

const SIDE = 8;
const directions = ['across', 'down', 'diagonal'];
const colours = ['red', 'green', 'blue'];

export const shapesInfo: DatasetInfo = {
  id: 'shapes',
  name: 'Shapes',
  task: 'classification',
  featureShape: [SIDE, SIDE, 3],
  classes: directions,
  targets: [
    { name: 'direction', kind: 'class', classes: directions, unit: null },
    { name: 'colour', kind: 'class', classes: colours, unit: null },
    { name: 'brightness', kind: 'number', classes: [], unit: 'lux' },
  ],
  featureNames: [],
  columns: null,
  origin: 'imported',
  trainExamples: 60,
  testExamples: 20,
  generated: false,
  licence: '',
  available: true,
};

function isLit(direction: number, at: number, row: number, column: number): boolean {
  if (direction === 0) return row === at;
  return direction === 1 ? column === at : (row + at) % SIDE === column;
}

/** Directions are drawn with unequal frequencies, so that class weights differ. */
function createShapes(count: number, name: string): ExampleSet {
  const stream = openStream(11, 'generator', name);
  const values = new Uint8Array(count * SIDE * SIDE * 3).map(() => Math.floor(40 * stream.nextUniform()));
  const direction = Int32Array.from({ length: count }, () => Math.floor(3 * stream.nextUniform() ** 2));
  const colour = Int32Array.from({ length: count }, () => Math.floor(3 * stream.nextUniform()));
  const brightness = Float32Array.from({ length: count }, () => 100 + Math.floor(150 * stream.nextUniform()));
  for (let example = 0; example < count; example++) {
    const at = Math.floor(SIDE * stream.nextUniform());
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      if (!isLit(direction[example]!, at, Math.floor(pixel / SIDE), pixel % SIDE)) continue;
      values[(example * SIDE * SIDE + pixel) * 3 + colour[example]!] = brightness[example]!;
    }
  }
  const features = { shape: [count, SIDE, SIDE, 3], values };
  return { features, targets: [direction, colour, brightness], exampleCount: count };
}

/** The same images each time. */
export function loadShapes(): LoadedDataset {
  const { trainExamples, testExamples } = shapesInfo;
  return {
    info: shapesInfo,
    train: createShapes(trainExamples, 'shapes'),
    test: createShapes(testExamples, 'shapes test'),
    sha256: '0'.repeat(64),
  };
}
