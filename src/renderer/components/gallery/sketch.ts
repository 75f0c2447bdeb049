import type { ModelSummary } from '../../../shared/schema/model.ts';

/** A block of the sketch, in its own units: height says how large, width how deep, kind how it is drawn. */
export interface SketchBlock {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly kind: 'given' | 'image' | 'vector' | 'output';
}

const GAP = 8;
/** Layers that do not change the data's shape are left out of the sketch. */
const UNSEEN = ['dropout', 'batch-norm', 'activation', 'flatten'];
const MOST_BLOCKS = 9;

function blockSize(shape: readonly number[]): { width: number; height: number; image: boolean } {
  const [height = 1, , channels] = shape;
  if (channels === undefined) return { width: 5, height: 6 + Math.log2(1 + height) * 3.4, image: false };
  return { width: 4 + Math.log2(1 + channels) * 2, height: 8 + Math.log2(1 + height) * 6.4, image: true };
}

/** The net as a row of blocks: images as squares that shrink and thicken, vectors as bars. */
export function sketchBlocks(model: ModelSummary): SketchBlock[] {
  const seen = model.layers.filter((layer) => !UNSEEN.includes(layer.kind));
  const kept = seen.length <= MOST_BLOCKS ? seen : [...seen.slice(0, MOST_BLOCKS - 2), ...seen.slice(-2)];
  const shapes = [model.inputShape, ...kept.map((layer) => layer.outputShape)];
  let x = 0;
  return shapes.map((shape, index) => {
    const { image, ...size } = blockSize(shape);
    const inner = image ? 'image' : 'vector';
    const kind = index === 0 ? 'given' : index === shapes.length - 1 ? 'output' : inner;
    const block = { x, ...size, kind } as const;
    x += size.width + GAP;
    return block;
  });
}
