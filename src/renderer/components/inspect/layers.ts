import type { LayerSummary, ModelSummary } from '../../../shared/schema/model.ts';

/** Kinds of layers that pass on what they get once a net is trained. */
const PASSING: readonly string[] = ['dropout', 'flatten'];

/** Which panels look inside a net. */
export interface InsidePanels {
  readonly filters: boolean;
  readonly maps: boolean;
  /** What makes images and marks places in them. */
  readonly images: boolean;
  readonly embedding: boolean;
  /** What hidden dense layers give. */
  readonly profile: boolean;
}

/** The layers with kernels to see. */
export function convolutions(model: ModelSummary): LayerSummary[] {
  return model.layers.filter((layer) => layer.kind === 'conv2d');
}

/** The layers whose outputs say something of their own. */
export function mappedLayers(model: ModelSummary): LayerSummary[] {
  return model.layers.filter((layer) => !PASSING.includes(layer.kind));
}

/** The layer named, or the first there is where it is none of them. */
export function layerOr(layers: readonly LayerSummary[], name: string | null): LayerSummary | null {
  return layers.find((layer) => layer.name === name) ?? layers[0] ?? null;
}

/** Units of a layer: its last axis. */
export function unitCount(layer: LayerSummary): number {
  return layer.outputShape.at(-1) ?? 0;
}

/** A layer's shape beside its name, e.g. "conv2d-1 (28 x 28 x 8)". */
export function layerLabel(layer: LayerSummary): string {
  return `${layer.name} (${layer.outputShape.join(' × ')})`;
}

/** What can be seen inside a net of such layers and input; nothing where it has no layers. */
export function insidePanels(model: ModelSummary): InsidePanels {
  const isImage = model.inputShape.length === 3;
  const isDrawable = isImage && [1, 3].includes(model.inputShape[2] ?? 0);
  const layers = mappedLayers(model);
  return {
    filters: convolutions(model).length > 0,
    maps: layers.length > 0,
    images: isDrawable && layers.length > 0,
    embedding: layers.length > 1,
    profile: model.layers.filter(({ kind }) => kind === 'dense').length > 1,
  };
}

/** Ids of these panels in their natural order. */
export function insidePanelIds({ filters, maps, images, embedding, profile }: InsidePanels): string[] {
  return [
    ...(filters ? ['filters'] : []),
    ...(maps ? ['feature-maps'] : []),
    ...(images ? ['attribution', 'excitement'] : []),
    ...(embedding ? ['embedding'] : []),
    ...(profile ? ['profile'] : []),
    ...(maps ? ['unit'] : []),
  ];
}
