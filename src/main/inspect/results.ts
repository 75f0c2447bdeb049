import type { SplitName } from '../../shared/schema/dataset.ts';
import type { HeadResult } from '../../shared/schema/results.ts';
import { measureHead } from './measure-head.ts';
import { nextTurn } from './next-turn.ts';
import type { Predictor } from './predictor.ts';
import { cutIntoBatches, gatherRows } from './row-batches.ts';
import { splitRows, type SplitRows } from './split-rows.ts';

/** Larger batches are no faster, and a convolution's outputs then take gigabytes. */
const LARGEST_BATCH = 512;

/** Outputs of every head for a split's examples, [examples, outputs] flat. */
async function predictRows(predictor: Predictor, { features, rows }: SplitRows): Promise<Float32Array[]> {
  const { experiment, heads } = predictor.run;
  const outputs = heads.map(({ outputCount }) => new Float32Array(rows.length * outputCount));
  const batchSize = Math.min(experiment.evaluation.batchSize, LARGEST_BATCH);
  let done = 0;
  for (const batch of cutIntoBatches(rows, batchSize)) {
    const examples = gatherRows(features, batch);
    const values = await predictor.predict(examples);
    examples.dispose();
    heads.forEach(({ outputCount }, head) => outputs[head]!.set(values[head]!, done * outputCount));
    done += batch.length;
    await nextTurn();
  }
  return outputs;
}

/**
 * What every head says about a split, and what it comes to.
 * @throws StudioError `not-found` for a split without examples, `not-a-number` where a prediction is not finite
 */
export async function computeResults(predictor: Predictor, split: SplitName): Promise<HeadResult[]> {
  const { run } = predictor;
  const examples = await splitRows(run, split);
  const outputs = await predictRows(predictor, examples);
  return run.heads.map((head, i) => measureHead(run, head, examples, outputs[i]!));
}
