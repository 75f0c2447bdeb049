import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { StudioError } from '../../shared/ipc/errors.ts';
import { modelSpec } from '../../shared/schema/model.ts';
import { resolveHeads } from './heads.ts';
import { planModel, type ModelPlan } from './plan.ts';
import { summariseModel } from './summarise.ts';

type ModelInput = z.input<typeof modelSpec>;
type LayerInput = ModelInput['layers'][number];

const image = [16, 16, 3];
const conv = (name: string, filters: number, change: Partial<LayerInput> = {}): LayerInput =>
  ({ kind: 'conv2d', name, filters, kernelSize: 3, ...change }) as LayerInput;

function plan(layers: LayerInput[], heads: ModelInput['heads'] = [], inputShape = image): ModelPlan {
  return planModel(modelSpec.parse({ layers, heads }), inputShape);
}

function failureOf(action: () => unknown): { message: string; path: unknown } {
  try {
    action();
  } catch (error) {
    if (error instanceof StudioError) return { message: error.message, path: error.details.path };
    throw error;
  }
  throw new Error('expected a failure');
}

describe('layers that name their inputs', () => {
  it('read the layers of those names, and the layer before them where they name none', () => {
    const { layers } = plan([
      conv('a', 4),
      conv('b', 4),
      { kind: 'add', name: 'sum', inputs: ['a', 'b'] },
      { kind: 'concatenate', inputs: ['input', 'sum'] },
      { kind: 'flatten' },
    ]);
    expect(layers.map(({ inputs }) => inputs)).toEqual([[-1], [0], [0, 1], [-1, 2], [3]]);
    expect(layers.map(({ outputShape }) => outputShape.at(-1))).toEqual([4, 4, 4, 7, 16 * 16 * 7]);
  });

  it('can be found by the names made for them', () => {
    const { layers } = plan(
      [
        { kind: 'dense', units: 3 },
        { kind: 'dense', units: 3 },
        { kind: 'add', inputs: ['dense-1', 'dense-2'] },
      ],
      [],
      [2],
    );
    expect(layers[2]!.inputs).toEqual([0, 1]);
  });

  it.each<[string, LayerInput[], RegExp, string]>([
    [
      'an unknown layer',
      [conv('a', 4), conv('b', 4, { inputs: ['c'] })],
      /no layer has that name; take one of 'input', 'a'/,
      'model.layers.1.inputs.0',
    ],
    [
      'a layer after it',
      [conv('a', 4), { kind: 'add', inputs: ['a', 'c'] }, conv('c', 4)],
      /does not stand before it/,
      'model.layers.1.inputs.1',
    ],
    [
      'itself',
      [conv('a', 4), conv('b', 4, { inputs: ['b'] })],
      /does not stand before it/,
      'model.layers.1.inputs.0',
    ],
    [
      'two layers where one is read',
      [conv('a', 4), conv('b', 4, { inputs: ['input', 'a'] })],
      /takes one input and is given 2; .*add or concatenate/,
      'model.layers.1.inputs',
    ],
    [
      'one layer where several are brought together',
      [conv('a', 4), { kind: 'add' }],
      /brings several layers together and is given 1/,
      'model.layers.1.inputs',
    ],
    [
      'shapes that do not add up',
      [conv('a', 4), conv('b', 5), { kind: 'add', inputs: ['a', 'b'] }],
      /is given 16x16x4 and 16x16x5/,
      'model.layers.2.inputs',
    ],
    [
      'shapes that do not stand side by side',
      [conv('a', 4), conv('b', 4, { strides: 2 }), { kind: 'concatenate', inputs: ['a', 'b'] }],
      /is given 16x16x4 and 8x8x4/,
      'model.layers.2.inputs',
    ],
  ])('are refused when they read %s', (_what, layers, message, path) => {
    const failure = failureOf(() => plan(layers));
    expect(failure.message).toMatch(message);
    expect(failure.path).toBe(path);
  });

  it('may not be called like the examples', () => {
    expect(failureOf(() => plan([conv('input', 4)])).path).toBe('model.layers.0.name');
  });

  it('are refused when nobody reads their output', () => {
    const failure = failureOf(() => plan([conv('a', 4), conv('b', 4), conv('c', 4, { inputs: ['a'] })]));
    expect(failure.message).toMatch(/^layer 2 \(conv2d 'b'\): no layer reads its output/);
    expect(failure.path).toBe('model.layers.1');
  });
});

describe('heads', () => {
  const layers: LayerInput[] = [
    { kind: 'dense', name: 'trunk', units: 8 },
    { kind: 'dense', name: 'left', units: 3 },
    { kind: 'dense', name: 'right', inputs: ['trunk'], units: 2 },
  ];
  const heads = [
    { name: 'digit', layer: 'left', target: 'digit' },
    { name: 'size', layer: 'right', target: 'size', loss: 'mean-squared-error' as const, weight: 2 },
  ];
  const named = (name: string) => ({ name, kind: 'class' as const, classes: ['a', 'b', 'c'], unit: null });
  const info = { name: 'Digits', targets: [named('digit'), named('size')] };

  it('are the last layer where none is named', () => {
    const bare = plan(layers.slice(0, 2), [], [5]);
    expect(bare.heads).toEqual([{ name: null, layer: 1, target: null, loss: null, weight: 1 }]);
    const [head] = resolveHeads(bare, 'sparse-softmax-cross-entropy', info);
    expect(head).toMatchObject({ targetIndex: 0, loss: 'sparse-softmax-cross-entropy', outputCount: 3 });
  });

  it('take their own layer, target, loss and weight', () => {
    const resolved = resolveHeads(plan(layers, heads, [5]), 'sparse-softmax-cross-entropy', info);
    expect(
      resolved.map(({ layer, targetIndex, loss, weight, outputCount }) => [
        layer,
        targetIndex,
        loss,
        weight,
        outputCount,
      ]),
    ).toEqual([
      [1, 0, 'sparse-softmax-cross-entropy', 1, 3],
      [2, 1, 'mean-squared-error', 2, 2],
    ]);
  });

  it('are refused with one name, an unknown layer or an unknown target', () => {
    const twice = [heads[0]!, { ...heads[1]!, name: 'digit' }];
    expect(failureOf(() => plan(layers, twice, [5])).path).toBe('model.heads.1.name');
    const lost = [heads[0]!, { ...heads[1]!, layer: 'middle' }];
    expect(failureOf(() => plan(layers, lost, [5])).path).toBe('model.heads.1.layer');
    const aimless = plan(layers, [heads[0]!, { ...heads[1]!, target: 'colour' }], [5]);
    const failure = failureOf(() => resolveHeads(aimless, 'mean-squared-error', info));
    expect(failure).toMatchObject({ path: 'model.heads.1.target' });
    expect(failure.message).toContain("take one of 'digit', 'size'");
  });

  it('are none where there are no layers', () => {
    expect(plan([]).heads).toEqual([]);
    expect(summariseModel(modelSpec.parse({ layers: [] }), image).layers).toEqual([]);
  });
});

describe('the summary of a graph', () => {
  it('sees the largest field of the branches, and all of the image through one that does', () => {
    const spec = modelSpec.parse({
      layers: [
        conv('three', 4),
        conv('seven', 4, { inputs: ['input'], kernelSize: [7, 5] }),
        { kind: 'add', name: 'sum', inputs: ['three', 'seven'] },
        conv('after', 4),
        { kind: 'global-average-pool2d', name: 'all' },
        { kind: 'flatten', name: 'flat', inputs: ['after'] },
        { kind: 'concatenate', inputs: ['all', 'flat'] },
      ],
    });
    const { layers } = summariseModel(spec, image);
    expect(layers.map(({ receptiveField }) => receptiveField)).toEqual([
      [3, 3],
      [7, 5],
      [7, 5],
      [9, 7],
      null,
      null,
      null,
    ]);
    expect(layers[2]).toMatchObject({
      inputs: ['three', 'seven'],
      parameterCount: 0,
      forwardFlops: 16 * 16 * 4,
    });
    expect(layers[0]!.inputs).toEqual(['input']);
  });
});
