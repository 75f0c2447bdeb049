import { DType } from './dtype.ts';
import { type GraphBuilder } from './graph-builder.ts';
import type { NodeDef } from './proto.ts';

function flag(node: NodeDef, name: string): boolean {
  const attribute = node.attributes[name];
  return attribute?.kind === 'bool' && attribute.value;
}

/** a^T b, the gradient of a dense layer's weights. */
function sumsOverRows(node: NodeDef | undefined): node is NodeDef {
  return node?.op === 'MatMul' && flag(node, 'transpose_a') && !flag(node, 'transpose_b');
}

/**
 * Makes a^T b + c^T d, as shards add up their gradients of dense weights, one product of the joined rows: a batch's
 * activations are smaller than the weights, which then are written once and not read again.
 */
export function joinProducts(graph: GraphBuilder): void {
  for (const sum of graph.nodes.filter(({ op }) => op === 'AddN')) {
    const products = sum.inputs.map((input) => graph.node(input));
    if (!products.every(sumsOverRows)) continue;
    const join = (side: number) =>
      graph.concatRows(
        products.map(({ inputs }) => inputs[side]!),
        DType.float32,
      );
    graph.replace({ ...products[0]!, name: sum.name, inputs: [join(0), join(1)] });
  }
}
