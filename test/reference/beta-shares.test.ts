import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine } from '../../src/main/engine/engine.ts';
import { createAugmentation } from '../../src/main/preprocess/index.ts';
import { engineCases, openTestEngine } from './engines.ts';

const stored = z
  .strictObject({
    scipy: z.string(),
    cases: z.array(z.strictObject({ alpha: z.number(), quantiles: z.array(z.number()) })),
  })
  .parse(JSON.parse(readFileSync(new URL('beta-shares.json', import.meta.url), 'utf8')));

const SHARES = 40_000;

/** How many shares lie between neighbouring quantiles. */
function countBetween(shares: Float32Array, quantiles: readonly number[]): number[] {
  const counts = new Array<number>(quantiles.length + 1).fill(0);
  for (const share of shares) {
    const above = quantiles.findIndex((quantile) => share < quantile);
    counts[above === -1 ? quantiles.length : above]!++;
  }
  return counts;
}

const eagerCases = engineCases.filter(({ executor }) => executor === 'eager');

describe.each(eagerCases)('shares on the $kind engine', ({ kind }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test.each(stored.cases)('come from Beta($alpha, $alpha)', ({ alpha, quantiles }) => {
    const augmentation = createAugmentation([{ kind: 'mixup', alpha, probability: 1 }], [1, 1, 1], 3)!;
    const share = tf.tidy(() => {
      const context = { ops: engine.ops, step: tf.scalar(4, 'int32') };
      return augmentation.apply(tf.zeros([SHARES, 1, 1, 1]), context).mix!.share;
    });
    const counts = countBetween(share.dataSync() as Float32Array, quantiles);
    share.dispose();
    const expected = SHARES / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 0.1 % point of chi-square with 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(43.82);
  });
});
