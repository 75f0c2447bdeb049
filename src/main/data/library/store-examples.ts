import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import { fingerprintExamples } from '../fingerprint.ts';
import type { ExampleSet, TargetValues } from '../loaded-dataset.ts';
import type { ExamplesContent } from './dataset-content.ts';
import type { ArrayFile, StoredExamples, StoredPart } from './manifest.ts';

/** Written and digested at a time: some 10 ms. */
const CHUNK_BYTES = 2 ** 24;

/** The bytes of an array in pieces that share its memory. */
export function bytesInPieces(values: ArrayBufferView): Uint8Array[] {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const pieces = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  return Array.from({ length: pieces }, (_, place) =>
    bytes.subarray(place * CHUNK_BYTES, (place + 1) * CHUNK_BYTES),
  );
}

async function storeArray(folder: string, name: string, values: ArrayBufferView): Promise<ArrayFile> {
  return { file: name, ...(await writeFileAtomically(join(folder, name), bytesInPieces(values))) };
}

function targetName(part: string, place: number, values: TargetValues): string {
  return `${part}-target-${place}.${values instanceof Int32Array ? 'i32' : 'f32'}`;
}

async function storePart(folder: string, part: string, set: ExampleSet): Promise<StoredPart> {
  const { values } = set.features;
  const isBytes = values instanceof Uint8Array;
  const features = await storeArray(folder, `${part}-features.${isBytes ? 'u8' : 'f32'}`, values);
  const targets: ArrayFile[] = [];
  for (const [place, target] of set.targets.entries()) {
    targets.push(await storeArray(folder, targetName(part, place, target), target));
  }
  return {
    exampleCount: set.exampleCount,
    features: { ...features, elements: isBytes ? 'uint8' : 'float32' },
    targets,
  };
}

/** Writes the arrays of examples into a folder; 8-bit features stay 8-bit. */
export async function storeExamples(folder: string, content: ExamplesContent): Promise<StoredExamples> {
  const { train, test } = content;
  return {
    kind: 'examples',
    featureShape: [...content.featureShape],
    featureNames: [...content.featureNames],
    targets: structuredClone([...content.targets]),
    train: await storePart(folder, 'train', train),
    test: test === null ? null : await storePart(folder, 'test', test),
    sha256: fingerprintExamples(test === null ? [train] : [train, test]),
  };
}
