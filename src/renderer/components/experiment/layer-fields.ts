import { activationKind, initializer, type LayerKind } from '../../../shared/schema/model.ts';
import type { Json } from '../../text/json-path.ts';
import { choice, flag, number, sides, under, variant, type Field } from './fields.ts';

const INITIALISERS: Readonly<Record<string, Json>> = Object.fromEntries(
  initializer.options.map((option) => [option.shape.kind.value, { kind: option.shape.kind.value }]),
);

/** Fields of an initialiser's own numbers, where it has some. */
function initialiserFields(path: string, value: unknown): Field[] {
  if (value === 'uniform') return under(path, [number('minimum', 'Minimum'), number('maximum', 'Maximum')]);
  if (value === 'normal')
    return under(path, [number('mean', 'Mean'), number('standardDeviation', 'Deviation')]);
  return [];
}

const activation = choice('activation', 'Activation', activationKind.options);
const padding = choice('padding', 'Padding', ['same', 'valid']);
const poolFields = [sides('poolSize', 'Pool size', { unit: 'px' })];
const poolMore = [sides('strides', 'Strides', { unit: 'px', hint: 'the pool size when empty' }), padding];
const slope = number('negativeSlope', 'Negative slope', { hint: 'of leaky-relu only' });
const inputs: Field = {
  path: 'inputs',
  label: 'Reads',
  hint: 'the layer before it when empty',
  input: { kind: 'layers' },
};
const joined: Field = { ...inputs, hint: 'two layers or more' };

interface LayerForm {
  readonly template: Json;
  /** Always in sight. */
  readonly main: readonly Field[];
  /** Behind "More". */
  readonly more: readonly Field[];
  readonly initialisers: boolean;
}

function layerForm(template: Json, main: Field[], more: Field[] = [], initialisers = false): LayerForm {
  return { template, main, more, initialisers };
}

/** How each kind of layer begins and is edited. */
export const LAYER_FORMS: Readonly<Record<LayerKind, LayerForm>> = {
  dense: layerForm(
    { kind: 'dense', units: 64, activation: 'relu' },
    [number('units', 'Units'), activation],
    [slope, flag('useBias', 'Bias')],
    true,
  ),
  conv2d: layerForm(
    { kind: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu' },
    [number('filters', 'Filters'), sides('kernelSize', 'Kernel', { unit: 'px' }), activation],
    [
      sides('strides', 'Strides', { unit: 'px' }),
      sides('dilation', 'Dilation', { unit: 'px' }),
      padding,
      slope,
      flag('useBias', 'Bias'),
    ],
    true,
  ),
  'max-pool2d': layerForm({ kind: 'max-pool2d', poolSize: 2 }, poolFields, poolMore),
  'average-pool2d': layerForm({ kind: 'average-pool2d', poolSize: 2 }, poolFields, poolMore),
  'global-average-pool2d': layerForm({ kind: 'global-average-pool2d' }, []),
  'global-max-pool2d': layerForm({ kind: 'global-max-pool2d' }, []),
  'batch-norm': layerForm(
    { kind: 'batch-norm' },
    [],
    [number('momentum', 'Momentum'), number('epsilon', 'Epsilon')],
  ),
  dropout: layerForm({ kind: 'dropout', rate: 0.5 }, [number('rate', 'Rate', { hint: 'share dropped' })]),
  flatten: layerForm({ kind: 'flatten' }, []),
  add: layerForm({ kind: 'add' }, [joined]),
  concatenate: layerForm({ kind: 'concatenate' }, [joined]),
  activation: layerForm({ kind: 'activation', activation: 'relu' }, [activation], [slope]),
};

/** A layer's form, or null for a kind the form does not know. */
export function layerFormOf(kind: unknown): LayerForm | null {
  return typeof kind === 'string' && Object.hasOwn(LAYER_FORMS, kind) ? LAYER_FORMS[kind as LayerKind] : null;
}

/** The fields behind a layer's "More": its own, its initialisers', name and inputs. Paths are relative to the layer. */
export function moreLayerFields(form: LayerForm, valueAt: (path: string) => unknown): Field[] {
  const initialisers = form.initialisers
    ? [
        variant('weightInitializer', 'Weights begin', INITIALISERS),
        ...initialiserFields('weightInitializer', valueAt('weightInitializer.kind')),
        variant('biasInitializer', 'Bias begins', INITIALISERS),
        ...initialiserFields('biasInitializer', valueAt('biasInitializer.kind')),
      ]
    : [];
  const name: Field = {
    path: 'name',
    label: 'Name',
    hint: 'made by itself when empty',
    input: { kind: 'text' },
  };
  const isJoin = form.main.some((field) => field.input.kind === 'layers');
  return [...form.more, ...initialisers, name, ...(isJoin ? [] : [inputs])];
}
