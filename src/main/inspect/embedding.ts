import type { SplitName } from '../../shared/schema/dataset.ts';
import type { Embedding } from '../../shared/schema/inspection.ts';
import { projectByPca } from '../data/explore/projection/pca.ts';
import { scaleRows } from '../data/explore/projection/scaled-rows.ts';
import { INPUT, INPUT_NAME } from '../model/graph.ts';
import type { ModelPlan } from '../model/index.ts';
import { layerNamed, layerOutputs } from './layer-outputs.ts';
import { nextTurn } from './next-turn.ts';
import type { OpenNet } from './open-net.ts';
import { cutIntoBatches, gatherRows } from './row-batches.ts';
import { spreadRows, splitRows } from './split-rows.ts';

/** Examples that are shown, at most. */
const MOST_EXAMPLES = 2_000;
const BATCH_SIZE = 256;

/**
 * Position of the layer that the first head's last weights read: what the net has made of an example when it decides. -1
 * for the prepared examples themselves.
 */
export function layerBeforeHead({ layers, heads }: ModelPlan): number {
  let at = heads[0]?.layer ?? INPUT;
  while (at !== INPUT && layers[at]!.variables.length === 0) at = layers[at]!.inputs[0]!;
  return at === INPUT ? INPUT : layers[at]!.inputs[0]!;
}

function chooseLayer(plan: ModelPlan, name: string | null): number {
  if (name === INPUT_NAME) return INPUT;
  return name === null ? layerBeforeHead(plan) : layerNamed(plan, name).index;
}

/** A layer's outputs for rows, [rows, outputs] flat. */
async function outputsOf(
  net: OpenNet,
  features: Parameters<typeof gatherRows>[0],
  rows: Int32Array,
  layer: number,
): Promise<Float32Array> {
  const batches: Float32Array[] = [];
  for (const batch of cutIntoBatches(rows, BATCH_SIZE)) {
    const examples = gatherRows(features, batch);
    batches.push(layerOutputs(net, examples, [layer])[0]!);
    examples.dispose();
    await nextTurn();
  }
  const all = new Float32Array(batches.reduce((sum, { length }) => sum + length, 0));
  let done = 0;
  for (const batch of batches) {
    all.set(batch, done);
    done += batch.length;
  }
  return all;
}

/**
 * A layer's outputs for up to 2,000 evenly spread examples of a split, along their two directions of greatest variance
 * (principal component analysis; each axis' largest component is positive).
 * @param name null for the layer before the first head; "input" for the prepared examples
 * @throws StudioError `not-found` for a layer that is not there, and for a split without examples
 */
export async function computeEmbedding(
  net: OpenNet,
  split: SplitName,
  name: string | null,
): Promise<Embedding> {
  const layer = chooseLayer(net.plan, name);
  const { features, rows } = await splitRows(net.run, split);
  const shown = spreadRows(rows, MOST_EXAMPLES);
  const outputs = await outputsOf(net, features, shown, layer);
  const width = outputs.length / shown.length;
  const { x, y, explained } = await projectByPca(
    scaleRows(outputs, shown.length, width, false),
    () => undefined,
  );
  const layerName = layer === INPUT ? INPUT_NAME : net.plan.layers[layer]!.name;
  return { layer: layerName, rows: shown, x, y, explained: explained ?? [0, 0] };
}
