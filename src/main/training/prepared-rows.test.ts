import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { fitPreprocessing } from '../preprocess/index.ts';
import { prepareRows } from './prepared-rows.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

describe('prepareRows', () => {
  const values = Uint8Array.from({ length: 3_000 * 2 }, (_, i) => (i * 7) % 256);
  const features = { shape: [3_000, 2, 1], values };
  const rows = Int32Array.from({ length: 2_500 }, (_, i) => 2_999 - i);

  it('gives each row prepared, in the order asked for, however many there are', async () => {
    const targets = [new Int32Array(3_000)];
    const preprocessing = fitPreprocessing([{ kind: 'unit-scale' }], { features, targets }, rows);
    const before = engine.memory().tensors;
    const prepared = await prepareRows(preprocessing, features, rows);
    expect(engine.memory().tensors).toBe(before);
    const expected = Array.from(rows).flatMap((row) => [values[2 * row]! / 255, values[2 * row + 1]! / 255]);
    expect(prepared.length).toBe(expected.length);
    expected.forEach((value, i) => expect(prepared[i]).toBeCloseTo(value, 6));
  });

  it('gives nothing for no rows', async () => {
    const identity = { apply: () => expect.fail() };
    expect(await prepareRows(identity, features, new Int32Array(0))).toEqual(new Float32Array(0));
  });
});
