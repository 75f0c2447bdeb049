import { StudioError } from '../../shared/ipc/errors.ts';
import type { LayerSpec } from '../../shared/schema/model.ts';

/** The position that stands for the examples themselves. */
export const INPUT = -1;
/** The name that stands for them in a layer's `inputs`. */
export const INPUT_NAME = 'input';

/** A layer's own name, or one made from its kind and its position counted from 1, e.g. "dense-2". */
export function layerName(layer: LayerSpec, index: number): string {
  return layer.name ?? `${layer.kind}-${index + 1}`;
}

function refuse(message: string, path: string): never {
  throw new StudioError('invalid-input', message, { path });
}

/** @throws StudioError `invalid-input` where two layers have one name or one is called like the examples */
export function checkNames(layers: readonly LayerSpec[]): void {
  const seen = new Map<string, number>();
  layers.forEach((layer, index) => {
    const name = layerName(layer, index);
    const path = `model.layers.${index}.name`;
    const before = seen.get(name);
    if (before !== undefined) {
      refuse(
        `layers ${before + 1} and ${index + 1} are both called '${name}'; give one of them another name`,
        path,
      );
    }
    if (name === INPUT_NAME) {
      refuse(
        `layer ${index + 1} is called 'input', which stands for the examples; give it another name`,
        path,
      );
    }
    seen.set(name, index);
  });
}

/** Position of the layer of that name, or null. */
export function findLayer(layers: readonly LayerSpec[], name: string): number | null {
  const index = layers.findIndex((layer, position) => layerName(layer, position) === name);
  return index < 0 ? null : index;
}

/** "'a', 'b' and 2 more", for messages. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `'${name}'`);
  return names.length > 8 ? `${shown.join(', ')} and ${names.length - 8} more` : shown.join(', ');
}

function resolveInput(layers: readonly LayerSpec[], index: number, place: number, name: string): number {
  if (name === INPUT_NAME) return INPUT;
  const position = findLayer(layers, name);
  const layer = layers[index]!;
  const who = `layer ${index + 1} (${layer.kind} '${layerName(layer, index)}')`;
  const path = `model.layers.${index}.inputs.${place}`;
  if (position === null) {
    const known = [INPUT_NAME, ...layers.slice(0, index).map(layerName)];
    return refuse(
      `${who}: reads '${name}', but no layer has that name; take one of ${listNames(known)}`,
      path,
    );
  }
  if (position < index) return position;
  return refuse(
    `${who}: reads '${name}', which does not stand before it; move '${name}' up or read an earlier layer`,
    path,
  );
}

/**
 * Positions of the layers that a layer reads: those it names, or the one before it.
 * @throws StudioError `invalid-input` where a name is not known or stands at the layer itself or after it
 */
export function inputPositions(layers: readonly LayerSpec[], index: number): readonly number[] {
  const names = layers[index]!.inputs;
  // The first layer's predecessor is the input: 0 - 1 is INPUT.
  if (names === undefined) return [index - 1];
  return names.map((name, place) => resolveInput(layers, index, place, name));
}

interface Placed {
  readonly index: number;
  readonly name: string;
  readonly spec: LayerSpec;
  readonly inputs: readonly number[];
}

/** @throws StudioError `invalid-input` at the first layer whose output no layer reads and that is no head's */
export function requireReaders(
  layers: readonly Placed[],
  heads: readonly { readonly layer: number }[],
): void {
  const read = new Set([...layers.flatMap(({ inputs }) => inputs), ...heads.map(({ layer }) => layer)]);
  const unused = layers.find(({ index }) => !read.has(index));
  if (unused === undefined) return;
  const { index, name, spec } = unused;
  refuse(
    `layer ${index + 1} (${spec.kind} '${name}'): no layer reads its output and it is no head; name it in a later ` +
      "layer's inputs, make it a head or remove it",
    `model.layers.${index}`,
  );
}
