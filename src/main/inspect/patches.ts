import * as tf from '@tensorflow/tfjs-core';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { ExcitingPatches } from '../../shared/schema/inspection.ts';
import { forwardTo, type PlannedLayer } from '../model/index.ts';
import { layerNamed } from './layer-outputs.ts';
import { nextTurn } from './next-turn.ts';
import type { OpenNet } from './open-net.ts';
import { computeNumbers } from './read-numbers.ts';
import { receptiveBoxOf, type Box } from './receptive-box.ts';
import { requireUnit } from './require-unit.ts';
import { cutIntoBatches, gatherRows } from './row-batches.ts';
import { spreadRows, splitRows } from './split-rows.ts';

/** Examples looked at, at most. */
const MOST_EXAMPLES = 10_000;
const BATCH_SIZE = 256;

/** What is asked of a unit. */
export interface PatchesQuestion {
  readonly layer: string;
  readonly unit: number;
  readonly split: SplitName;
  readonly count: number;
}

/** Where one example excites a unit most. */
interface Peak {
  readonly row: number;
  readonly activation: number;
  /** Position in the unit's map, row by row; the first of equals. */
  readonly place: number;
}

/** The peak of each example; `maps` [examples, positions] flat. */
function peaksOf(maps: Float32Array, rows: Int32Array): Peak[] {
  const positions = maps.length / rows.length;
  return Array.from(rows, (row, example) => {
    const map = maps.subarray(example * positions, (example + 1) * positions);
    let place = 0;
    for (let at = 1; at < positions; at++) if (map[at]! > map[place]!) place = at;
    return { row, activation: map[place]!, place };
  });
}

/** The strongest peaks first, of equals the lower row; at most `count`. Numbers that are none come last. */
function strongest(peaks: readonly Peak[], count: number): Peak[] {
  const strength = ({ activation }: Peak): number => (Number.isNaN(activation) ? -Infinity : activation);
  return peaks.toSorted((a, b) => strength(b) - strength(a) || a.row - b.row).slice(0, count);
}

function boxOf({ plan }: OpenNet, { index, outputShape }: PlannedLayer, unit: number, place: number): Box {
  const columns = outputShape.length === 3 ? outputShape[1]! : 1;
  return receptiveBoxOf(plan, index, Math.floor(place / columns), place % columns, unit);
}

/**
 * The examples of a split that excite a unit most, each with the part of the image that the unit sees from the place of
 * its peak. Of more than 10,000 examples, 10,000 evenly spread ones are looked at.
 * @throws StudioError `not-found` for a layer or unit that is not there, and for a split without examples
 */
export async function findPatches(net: OpenNet, question: PatchesQuestion): Promise<ExcitingPatches> {
  const { plan, prepared, context, run } = net;
  const { unit, split, count } = question;
  const layer = layerNamed(plan, question.layer);
  requireUnit(layer, unit);
  const { features, rows } = await splitRows(run, split);
  const examined = spreadRows(rows, MOST_EXAMPLES);
  let best: Peak[] = [];
  for (const batch of cutIntoBatches(examined, BATCH_SIZE)) {
    const examples = gatherRows(features, batch);
    const maps = computeNumbers(() => {
      const output = forwardTo(plan, prepared.preprocessing.apply(examples), context, layer.index);
      const before = output.shape.slice(0, -1);
      return tf.slice(output, [...before.map(() => 0), unit], [...before, 1]);
    });
    examples.dispose();
    best = strongest([...best, ...peaksOf(maps, batch)], count);
    await nextTurn();
  }
  return {
    layer: layer.name,
    unit,
    part: split === 'test' ? 'test' : 'train',
    patches: best.map(({ row, activation, place }) => ({
      row,
      activation,
      box: boxOf(net, layer, unit, place),
    })),
    examined: examined.length,
  };
}
