import type { FigureSpec } from '../../schema/figure.ts';
import type { ActivationProfile } from '../../schema/inspection.ts';
import { axis } from './axis.ts';
import type { Caption } from './classification.ts';

/** The outputs of each hidden layer's units for some inputs, a panel per layer. */
export function activationProfileFigure(
  { layers, inputs }: ActivationProfile,
  inputNames: readonly string[],
  { title, runIds }: Caption,
): FigureSpec | null {
  const figures = layers.map(({ layer, units, values }) => ({
    kind: 'lines' as const,
    title: layer,
    runIds: [...runIds],
    x: axis('Unit'),
    y: axis('Activation'),
    series: Array.from({ length: inputs }, (_, input) => ({
      label: inputNames[input] ?? `input ${input + 1}`,
      x: Array.from({ length: units }, (_, unit) => unit),
      y: Array.from(values.subarray(input * units, (input + 1) * units)),
      style: 'solid' as const,
      colour: input,
      band: null,
    })),
  }));
  const [first] = figures;
  if (first === undefined) return null;
  if (figures.length === 1) return { ...first, title };
  return { kind: 'panels', title, runIds: [...runIds], columns: 1, figures };
}

/** The profile of some of its inputs, in the order asked for. */
export function pickInputs({ layers }: ActivationProfile, inputs: readonly number[]): ActivationProfile {
  return {
    inputs: inputs.length,
    layers: layers.map(({ layer, units, values }) => {
      const picked = new Float32Array(inputs.length * units);
      inputs.forEach((input, i) =>
        picked.set(values.subarray(input * units, (input + 1) * units), i * units),
      );
      return { layer, units, values: picked };
    }),
  };
}
