import type { NodeDef } from './proto.ts';

const SUMS = new Set(['Add', 'AddV2', 'AddN']);

/** What TensorFlow's arithmetic optimizer writes on sums that it has made of others, and then leaves alone. */
const LEAVE_ALONE = {
  _grappler_ArithmeticOptimizer_AddOpsRewriteStage: { kind: 'bool', value: true },
} as const;

/** A sum of many as sums of two from the left, the last of them under the name of the whole. */
function fromTheLeft({ name, inputs, attributes }: NodeDef): NodeDef[] {
  const { T } = attributes;
  const [first, ...rest] = inputs;
  let sum = first!;
  return rest.map((term, index) => {
    const isLast = index === rest.length - 1;
    const partial = isLast ? name : `${name}/${index}`;
    const node = { name: partial, op: 'AddV2', inputs: [sum, term], attributes: { T: T!, ...LEAVE_ALONE } };
    sum = partial;
    return node;
  });
}

/**
 * Fixes the order in which more than two values are added. AddN begins with whichever of them has a buffer that nobody
 * else holds at that moment, so that its rounding depends on how threads happen to run; and TensorFlow's arithmetic
 * optimizer makes AddN of any additions that follow each other. With this, equal runs are equal bit for bit.
 */
export function orderSums(nodes: readonly NodeDef[]): NodeDef[] {
  return nodes.flatMap((node) => {
    if (!SUMS.has(node.op)) return [node];
    if (node.op === 'AddN' && node.inputs.length > 2) return fromTheLeft(node);
    return [{ ...node, attributes: { ...node.attributes, ...LEAVE_ALONE } }];
  });
}
