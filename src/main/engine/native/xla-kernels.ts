import { DType } from './dtype.ts';
import type { GraphBuilder, GraphValue, Ref } from './graph-builder.ts';
import type { NodeDef } from './proto.ts';
import { drawInPairs } from './xla-words.ts';

/** max(0, x) */
function plainRelu(graph: GraphBuilder, node: NodeDef): NodeDef {
  return { ...node, op: 'Maximum', inputs: [graph.float32(0), node.inputs[0]!] };
}

/** The gradient where the feature is above 0, else 0. */
function plainReluGradient(graph: GraphBuilder, node: NodeDef): NodeDef {
  const [gradient, feature] = node.inputs;
  const zero = graph.float32(0);
  const isAbove = graph.binary('Greater', feature!, zero, DType.float32);
  return { ...node, op: 'SelectV2', inputs: [isAbove, gradient!, zero] };
}

const PLAIN: Readonly<Record<string, (graph: GraphBuilder, node: NodeDef) => NodeDef>> = {
  Relu: plainRelu,
  ReluGrad: plainReluGradient,
};

function isFloat32({ attributes: { T } }: NodeDef): boolean {
  return T?.kind === 'type' && T.value === DType.float32;
}

/** A value that a loop replaces at each iteration, but neither reads nor returns. */
export interface ScratchValue {
  readonly parameter: GraphValue;
  readonly next: Ref;
}

/**
 * Has XLA see operations that it does well by in place of others that give the same bits. Relu comes to it through a
 * compiler of TensorFlow's (`MlirXlaOpKernel`), which takes 3 ms for each, as long as all other operations of a small net
 * together; random words are drawn two at a time (see `drawInPairs`).
 * @returns what the loop must carry for it
 */
export function usePlainKernels(graph: GraphBuilder): ScratchValue[] {
  const scratch: ScratchValue[] = [];
  for (const node of graph.nodes) {
    const plain = PLAIN[node.op];
    if (plain && isFloat32(node)) graph.replace(plain(graph, node));
    const drawn = node.op === 'StatelessRandomUniformFullIntV2' ? drawInPairs(graph, node) : null;
    if (drawn === null) continue;
    graph.replace(drawn.node);
    const ref = `scratch_${scratch.length}`;
    scratch.push({ parameter: { ref, dtype: DType.uint64, shape: drawn.pairsShape }, next: drawn.pairs });
  }
  return scratch;
}
