import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { PadAnswer } from '../../shared/schema/inspection.ts';
import type { Features } from '../data/loaded-dataset.ts';
import { probabilitiesOf, readEvidence } from '../metrics/class-evidence.ts';
import { sizeOf } from '../model/layers/definition.ts';
import type { InspectedHead } from './inspected-head.ts';
import { layerNamed, readLayers } from './layer-outputs.ts';
import type { OpenNet } from './open-net.ts';
import { packMaps } from './pad-maps.ts';

/** What a net says, without naming the net. */
export type PadReply = Omit<PadAnswer, 'runId' | 'epoch'>;

/** A classifier that stays on the engine for a drawing pad. It holds no dataset. */
export interface PadNet {
  /**
   * Answers a drawing whose numbers go from 0 to 255, as examples are shown, [...example] flat.
   * @param layer whose outputs are given too; null for none
   * @throws StudioError `shape-mismatch` for a drawing of another size, `not-found` for a layer that is not there,
   * `not-a-number` where the net gives no finite numbers
   */
  answer(drawing: Float32Array, layer: string | null): Promise<PadReply>;
  dispose(): void;
}

/** A head that names classes, and the layer that it is. */
interface ClassHead {
  readonly head: InspectedHead;
  readonly layer: number;
}

function requireImages(net: OpenNet): void {
  const { inputShape } = net.plan;
  if (inputShape.length === 3) return;
  throw new StudioError(
    'unsupported',
    `pad: the net reads ${inputShape.join('x')} numbers, a drawing is an image; load a net for images`,
  );
}

function requireClassHeads({ run, plan }: OpenNet): ClassHead[] {
  const heads = run.heads.map((head, i) => ({ head, layer: plan.heads[i]!.layer }));
  const naming = heads.filter(({ head }) => head.target.kind === 'class');
  if (naming.length > 0) return naming;
  throw new StudioError(
    'unsupported',
    'pad: the net names no classes but predicts numbers; load a classifier instead',
  );
}

function requireFinite(outputs: Float32Array, { name }: InspectedHead): void {
  if (outputs.every(Number.isFinite)) return;
  throw new StudioError(
    'not-a-number',
    `pad: head ${name} gives numbers that are not finite; load an earlier epoch, or train again with a smaller ` +
      'learning rate',
    { head: name },
  );
}

function readHead(head: InspectedHead, outputs: Float32Array): PadReply['heads'][number] {
  const { name, target, meaning } = head;
  requireFinite(outputs, head);
  const evidence = readEvidence(outputs, 1, target.classes.length, meaning);
  return { name, classes: target.classes, probabilities: probabilitiesOf(evidence) };
}

/** The training part's least number and its greatest, which are shown as 0 and 255; bytes are shown as they are. */
function shownRange({ values }: Features): readonly [number, number] {
  if (values instanceof Uint8Array) return [0, 255];
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return [least, greatest];
}

function checkSize(drawing: Float32Array, shape: readonly number[]): void {
  if (drawing.length === sizeOf(shape)) return;
  throw new StudioError(
    'shape-mismatch',
    `pad: the drawing has ${drawing.length} numbers, the net reads ${shape.join('x')}; load nets of one input shape`,
    { found: drawing.length, expected: sizeOf(shape) },
  );
}

/**
 * Makes an open net answer drawings; it takes the net over and disposes of it.
 * @throws StudioError `unsupported` for a net that reads no images or names no classes; the net is then disposed of
 */
export function openPadNet(net: OpenNet): PadNet {
  const { plan, context, run } = net;
  const { preprocessing, feed } = run;
  const shape = [1, ...plan.inputShape];
  const [least, greatest] = shownRange(run.dataset.train.features);
  const perStep = (greatest - least) / 255;
  // Not the net's own: what is kept must not hold the run, and with it the whole dataset.
  const dispose = (): void => tf.dispose({ ...context.state });
  let heads: readonly ClassHead[];
  try {
    requireImages(net);
    heads = requireClassHeads(net);
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    async answer(drawing, layer) {
      const startMs = performance.now();
      checkSize(drawing, plan.inputShape);
      const mapped = layer === null ? null : layerNamed(plan, layer);
      const fed = await feed({ shape, values: drawing.map((value) => least + value * perStep) });
      const wanted = [...heads.map((one) => one.layer), ...(mapped === null ? [] : [mapped.index])];
      const examples = tf.tensor(fed.values, shape, 'float32');
      const outputs = readLayers({ plan, context, preprocessing }, examples, wanted);
      examples.dispose();
      return {
        heads: heads.map(({ head }, i) => readHead(head, outputs[i]!)),
        maps: mapped === null ? null : packMaps(mapped.name, mapped.outputShape, outputs.at(-1)!),
        durationMs: performance.now() - startMs,
      };
    },
    dispose,
  };
}
