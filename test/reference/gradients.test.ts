import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/engine.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { engineCases, openTestEngine } from './engines.ts';
import { lossCases, modelCases, type LossCase, type ModelCase } from './gradient-cases.ts';
import {
  createHeadedProblem,
  createProblem,
  engineGradients,
  referenceGradients,
  worstError,
  type Gradients,
} from './gradients.ts';

/** Bound of the design, relative to the largest element of the gradient. */
const TOLERANCE = 2e-3;

/** XLA takes seconds to compile a step, so there each layer meets one loss, and the first layer all of them. */
function modelsFor(executor: ExecutorKind, loss: LossCase): readonly ModelCase[] {
  if (executor !== 'xla') return modelCases;
  const turn = lossCases.indexOf(loss);
  return modelCases.filter((_, i) => i === 0 || i % lossCases.length === turn);
}

const references = new Map<string, Gradients>();

function referenceOf(name: string, compute: () => Gradients): Gradients {
  const known = references.get(name) ?? compute();
  references.set(name, known);
  return known;
}

describe.each(engineCases)('gradients of the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  describe.each(lossCases)('under $loss', (loss) => {
    test.each(modelsFor(executor, loss))('$name agrees with the float64 reference', async (model) => {
      const problem = createProblem(model, loss);
      const expected = referenceOf(`${model.name} ${loss.loss}`, () => referenceGradients(problem));
      const worst = worstError(await engineGradients(engine, problem, executor), expected);
      expect(worst.error, worst.name).toBeLessThan(TOLERANCE);
    });
  });

  const trunks = modelCases.filter(({ name }) => name === 'dense' || name === 'conv2d same');
  test.each(executor === 'xla' ? trunks.slice(0, 1) : trunks)(
    'several heads on $name agree with the float64 reference',
    async (model) => {
      const problem = createHeadedProblem(model, [lossCases[0]!, lossCases[3]!, lossCases[5]!]);
      const expected = referenceOf(`${model.name} headed`, () => referenceGradients(problem));
      const worst = worstError(await engineGradients(engine, problem, executor), expected);
      expect(worst.error, worst.name).toBeLessThan(TOLERANCE);
    },
  );
});
