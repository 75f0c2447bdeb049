import type { Engine } from '../../engine/engine.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { runSingleEpoch, type WorkSession } from '../single-epoch.ts';
import { chainProducts, productPoints, type ChainedProductsSpec } from './chained-products.ts';
import { measureInitialisation, signalPoints } from './initialisation.ts';

/** Multiplies random matrices and tells the spread after each factor as one epoch, whose steps are factors. */
export async function runChainedProducts(session: WorkSession, spec: ChainedProductsSpec): Promise<void> {
  await runSingleEpoch(session, spec.count, async (progress) => {
    const spreads = await chainProducts(spec, session.seed, progress.slices, (factor) =>
      progress.report(factor),
    );
    return { points: productPoints(spreads), finalPoints: [], state: null, examples: 0 };
  });
}

/**
 * Measures a model at its first weights and tells it as one epoch, whose steps are layers.
 * @param prepared through `materialiseRun`
 */
export async function runInitialisation(
  session: WorkSession,
  prepared: PreparedRun,
  engine: Engine,
  batchSize: number,
): Promise<void> {
  await runSingleEpoch(session, prepared.plan.layers.length, async () => {
    const signals = await measureInitialisation(prepared, engine, batchSize);
    return { points: signalPoints(signals), finalPoints: [], state: null, examples: batchSize };
  });
}
