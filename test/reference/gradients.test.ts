import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/engine.ts';
import { openFallbackEngine } from '../../src/main/engine/portable/fallback-engine.ts';
import { lossCases, modelCases } from './gradient-cases.ts';
import {
  createProblem,
  engineGradients,
  referenceGradients,
  worstError,
  type Gradients,
} from './gradients.ts';

/** Bound of the design, relative to the largest element of the gradient. */
const TOLERANCE = 2e-3;

const references = new Map<string, Gradients>();

function referenceOf(name: string, compute: () => Gradients): Gradients {
  const known = references.get(name) ?? compute();
  references.set(name, known);
  return known;
}

describe.each(['cpu', 'wasm'] as const)('gradients of the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openFallbackEngine(kind);
  });
  afterAll(() => engine.dispose());

  describe.each(lossCases)('under $loss', (loss) => {
    test.each(modelCases)('$name agrees with the float64 reference', async (model) => {
      const problem = createProblem(model, loss);
      const expected = referenceOf(`${model.name} ${loss.loss}`, () => referenceGradients(problem));
      const worst = worstError(await engineGradients(engine, problem, 'eager'), expected);
      expect(worst.error, worst.name).toBeLessThan(TOLERANCE);
    });
  });
});
