import { StudioError } from '../../../shared/ipc/errors.ts';
import type { Features } from '../loaded-dataset.ts';

/** An array of any rank, first axis the examples. */
export interface ExampleArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number> & ArrayBufferView;
}

function refuse(name: string, found: string, wayOut: string): StudioError {
  return new StudioError('unsupported', `datasets: ${name} ${found}; ${wayOut}`, { file: name });
}

/** Rows of numbers stay rows; grey images get a channel axis. */
function exampleShape(shape: readonly number[], name: string): number[] {
  const rest = shape.slice(1);
  if (rest.length === 0) return [1];
  if (rest.length === 1) return [...rest];
  if (rest.length === 2) return [...rest, 1];
  if (rest.length === 3) return [...rest];
  throw refuse(
    name,
    `holds an array of shape ${shape.join('x')}`,
    'save rows of numbers [examples, features], or images [examples, height, width] with or without channels',
  );
}

function asFloats(values: ArrayLike<number>, name: string): Float32Array {
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return floats;
  throw refuse(name, `holds ${floats[bad]} at element ${bad}`, 'leave such examples out, or fill them');
}

/**
 * An array as features of examples: bytes stay bytes, all else becomes float32.
 * @throws StudioError `unsupported` for more than four axes and for numbers that are not finite
 */
export function arrayFeatures({ shape, values }: ExampleArray, name: string): Features {
  const exampleCount = shape[0] ?? 0;
  return {
    shape: [exampleCount, ...exampleShape(shape, name)],
    values: values instanceof Uint8Array ? values : asFloats(values, name),
  };
}

/** A name per feature of rows of numbers; none for images. */
export function defaultFeatureNames(featureShape: readonly number[]): string[] {
  const [width = 0, ...rest] = featureShape;
  return rest.length > 0 ? [] : Array.from({ length: width }, (_, place) => `x${place + 1}`);
}
