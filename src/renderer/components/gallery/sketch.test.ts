import { describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../../shared/schema/model.ts';
import { sketchBlocks } from './sketch.ts';

function model(inputShape: number[], layers: [string, number[]][]): ModelSummary {
  return {
    inputShape,
    layers: layers.map(([kind, outputShape], index) => ({
      index,
      name: `${kind}-${index}`,
      kind,
      inputs: [],
      outputShape,
      parameterCount: 0,
      receptiveField: null,
      forwardFlops: 0,
    })),
    parameterCount: 0,
    trainableCount: 0,
    forwardFlops: 0,
  };
}

describe('sketchBlocks', () => {
  it('draws input, images, vectors and output from left to right without overlap', () => {
    const blocks = sketchBlocks(
      model(
        [28, 28, 1],
        [
          ['conv2d', [28, 28, 32]],
          ['max-pool2d', [14, 14, 32]],
          ['flatten', [6272]],
          ['dropout', [6272]],
          ['dense', [128]],
          ['dense', [10]],
        ],
      ),
    );
    expect(blocks.map((block) => block.kind)).toEqual(['given', 'image', 'image', 'vector', 'output']);
    blocks.slice(1).forEach((block, i) => expect(block.x).toBeGreaterThan(blocks[i]!.x + blocks[i]!.width));
  });

  it('makes pooling smaller and more channels thicker', () => {
    const [, wide, pooled] = sketchBlocks(
      model(
        [28, 28, 1],
        [
          ['conv2d', [28, 28, 8]],
          ['max-pool2d', [14, 14, 64]],
          ['dense', [1]],
        ],
      ),
    );
    expect(pooled!.height).toBeLessThan(wide!.height);
    expect(pooled!.width).toBeGreaterThan(wide!.width);
  });

  it('keeps first and last layers of a deep net', () => {
    const layers = Array.from({ length: 40 }, (_, i): [string, number[]] => ['dense', [i + 1]]);
    const blocks = sketchBlocks(model([2], layers));
    expect(blocks.length).toBeLessThanOrEqual(10);
    expect(blocks.at(-1)!.kind).toBe('output');
  });
});
