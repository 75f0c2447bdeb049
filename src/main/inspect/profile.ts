import { StudioError } from '../../shared/ipc/errors.ts';
import type { ActivationProfile, NetInput } from '../../shared/schema/inspection.ts';
import type { ModelPlan, PlannedLayer } from '../model/index.ts';
import { layerOutputs } from './layer-outputs.ts';
import { feedInputs } from './net-input.ts';
import type { OpenNet } from './open-net.ts';

/** A dense layer, and the layer after whose work its units' values stand. */
interface HiddenLayer {
  readonly name: string;
  readonly last: PlannedLayer;
}

/** Does it only change its one input's numbers in their place? */
function refines({ spec }: PlannedLayer): boolean {
  return spec.kind === 'activation' || spec.kind === 'batch-norm';
}

/** The activation or normalisation that alone reads a layer, and so on; the layer itself where there is none. */
function lastOfChain(plan: ModelPlan, layer: PlannedLayer, heads: ReadonlySet<number>): PlannedLayer {
  const readers = plan.layers.filter(({ inputs }) => inputs.includes(layer.index));
  const [next] = readers;
  if (next === undefined || readers.length > 1 || heads.has(next.index) || !refines(next)) return layer;
  return lastOfChain(plan, next, heads);
}

/** Leads it straight to a head, so that its units are the answer and not hidden? */
function endsInHead(plan: ModelPlan, layer: PlannedLayer, heads: ReadonlySet<number>): boolean {
  if (heads.has(layer.index)) return true;
  const readers = plan.layers.filter(({ inputs }) => inputs.includes(layer.index));
  return readers.some((reader) => refines(reader) && endsInHead(plan, reader, heads));
}

function hiddenLayers(plan: ModelPlan): HiddenLayer[] {
  const heads = new Set(plan.heads.map(({ layer }) => layer));
  return plan.layers
    .filter((layer) => layer.spec.kind === 'dense' && !endsInHead(plan, layer, heads))
    .map((layer) => ({ name: layer.name, last: lastOfChain(plan, layer, heads) }));
}

/**
 * What every unit of the hidden dense layers gives for some inputs, after its activation and normalisation.
 * @throws StudioError `unsupported` for a net without hidden dense layers, and as {@link feedInputs}
 */
export async function computeProfile(net: OpenNet, inputs: readonly NetInput[]): Promise<ActivationProfile> {
  const hidden = hiddenLayers(net.plan);
  if (hidden.length === 0) {
    throw new StudioError(
      'unsupported',
      'profile: the net has no hidden dense layer; look at its feature maps instead',
    );
  }
  const examples = await feedInputs(net.run, inputs);
  try {
    const outputs = layerOutputs(
      net,
      examples,
      hidden.map(({ last }) => last.index),
    );
    const layers = hidden.map(({ name, last }, i) => ({
      layer: name,
      units: last.outputShape.at(-1) ?? 1,
      values: Float32Array.from(outputs[i]!),
    }));
    return { layers, inputs: inputs.length };
  } finally {
    examples.dispose();
  }
}
