import { describe, expect, test } from 'vitest';
import { philox, philoxWords, type PhiloxCounter, type PhiloxKey } from './philox.ts';

function words(key: PhiloxKey, counter: PhiloxCounter): string[] {
  const out = new Uint32Array(4);
  philox(key, counter, out, 0);
  return [...out].map((word) => word.toString(16).padStart(8, '0'));
}

/** The same generator in exact integers, written from the paper's definition. */
function philoxInBigInt(key: PhiloxKey, counter: PhiloxCounter): number[] {
  const mask = 0xffff_ffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const a = 0xd251_1f53n * c0;
    const b = 0xcd9e_8d57n * c2;
    [c0, c1, c2, c3] = [(b >> 32n) ^ c1 ^ k0, b & mask, (a >> 32n) ^ c3 ^ k1, a & mask];
    k0 = (k0 + 0x9e37_79b9n) & mask;
    k1 = (k1 + 0xbb67_ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

describe('philox', () => {
  test('gives the known answers of the Random123 library', () => {
    expect(words([0, 0], [0, 0, 0, 0])).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']);
    const ones = 0xffff_ffff;
    expect(words([ones, ones], [ones, ones, ones, ones])).toEqual([
      '408f276d',
      '41c83b0e',
      'a20bc7c6',
      '6d5451fd',
    ]);
    expect(words([0xa409_3822, 0x299f_31d0], [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])).toEqual([
      'd16cfe09',
      '94fdcceb',
      '5001e420',
      '24126ea1',
    ]);
  });

  test('agrees with exact integer arithmetic over many keys and counters', () => {
    const out = new Uint32Array(4);
    for (let i = 0; i < 2_000; i++) {
      const spread = (factor: number) => Math.imul(i + 1, factor) >>> 0;
      const key: PhiloxKey = [spread(0x85eb_ca6b), spread(0xc2b2_ae35)];
      const counter: PhiloxCounter = [spread(0x27d4_eb2f), spread(0x1656_67b1), i, spread(0x9e37_79b1)];
      philox(key, counter, out, 0);
      expect([...out]).toEqual(philoxInBigInt(key, counter));
    }
  });
});

describe('philoxWords', () => {
  test('counts groups of four words within a step, and drops the words beyond the end', () => {
    const key: PhiloxKey = [7, 11];
    const out = new Uint32Array(10);
    philoxWords(key, 5, out);
    const expected = [0, 1, 2].flatMap((group) => philoxInBigInt(key, [group, 0, 5, 0]));
    expect([...out]).toEqual(expected.slice(0, 10));
  });

  test('draws different words at every step', () => {
    const first = new Uint32Array(64);
    const second = new Uint32Array(64);
    philoxWords([1, 2], 0, first);
    philoxWords([1, 2], 1, second);
    expect(first.filter((word, i) => word === second[i])).toHaveLength(0);
  });
});
