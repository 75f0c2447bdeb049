import type { PartRows } from '../explored-dataset.ts';

/** Where each row of `queries` has an equal one among `known`: its first such row, or -1. */
export type EqualRows = Int32Array;

type Words = Uint8Array | Uint32Array;

const NEGATIVE_ZERO = 0x8000_0000;

/** The features' bits; equal numbers have equal bits but for the two zeros. */
function wordsOf({ set }: PartRows): Words {
  const { values } = set.features;
  if (values instanceof Uint8Array) return values;
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** FNV-1a over a row's words; both zeros count alike. */
function hashRow(words: Words, row: number, width: number): number {
  let hash = 0x811c9dc5;
  const end = (row + 1) * width;
  for (let place = row * width; place < end; place++) {
    const word = words[place]!;
    hash = Math.imul(hash ^ (word === NEGATIVE_ZERO ? 0 : word), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function areEqual(a: PartRows, rowA: number, b: PartRows, rowB: number, width: number): boolean {
  const [valuesA, valuesB] = [a.set.features.values, b.set.features.values];
  for (let place = 0; place < width; place++) {
    if (valuesA[rowA * width + place] !== valuesB[rowB * width + place]) return false;
  }
  return true;
}

function indexByHash(known: PartRows, width: number): Map<number, number[]> {
  const words = wordsOf(known);
  const byHash = new Map<number, number[]>();
  for (const row of known.rows) {
    const hash = hashRow(words, row, width);
    const rows = byHash.get(hash);
    if (rows === undefined) byHash.set(hash, [row]);
    else rows.push(row);
  }
  return byHash;
}

/**
 * Finds equal rows by a hash of their features, and compares those of equal hash.
 * @returns by place in `queries.rows`
 */
export function findEqualRows(known: PartRows, queries: PartRows, width: number): EqualRows {
  const byHash = indexByHash(known, width);
  const words = wordsOf(queries);
  return queries.rows.map((query) => {
    const candidates = byHash.get(hashRow(words, query, width)) ?? [];
    return candidates.find((row) => areEqual(known, row, queries, query, width)) ?? -1;
  });
}
