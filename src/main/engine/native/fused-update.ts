import type { FusedUpdate } from '../engine.ts';
import { DType } from './dtype.ts';
import { nodeOf, type, type GraphBuilder, type Ref } from './graph-builder.ts';

/** A variable within a graph: its handle, and its value read at the start of the iteration. */
export interface VariableRefs {
  readonly handle: Ref;
  readonly read: Ref;
}

/**
 * Nodes that must end before a variable may change in place: those that use its old value and on which its new
 * value does not depend anyway. TensorFlow would copy the variable otherwise.
 */
export function lateReaders(
  graph: GraphBuilder,
  live: Set<string>,
  read: Ref,
  update: readonly Ref[],
): Ref[] {
  const before = graph.ancestors(update);
  return graph.nodes
    .filter((node) => live.has(node.name) && !before.has(node.name))
    .filter((node) => node.inputs.some((input) => nodeOf(input) === read))
    .map((node) => `^${node.name}`);
}

/** Sets a variable to a value of the graph; returns the effect. */
export function assign(graph: GraphBuilder, variable: VariableRefs, value: Ref, after: readonly Ref[]): Ref {
  return graph.add('AssignVariableOp', [variable.handle, value, `^${variable.read}`, ...after], {
    dtype: type(DType.float32),
  });
}

interface FusedInputs {
  readonly parameter: VariableRefs;
  readonly slots: readonly VariableRefs[];
  readonly gradient: Ref;
  readonly scalars: Readonly<Record<string, Ref>>;
  /** Control inputs. */
  readonly after: readonly Ref[];
}

/** parameter -= learningRate * decay * parameter (Loshchilov and Hutter 2019). */
function decay(graph: GraphBuilder, coefficient: number, inputs: FusedInputs): Ref {
  const { parameter, scalars, after } = inputs;
  const rate = graph.binary('Mul', scalars.learningRate!, graph.float32(coefficient), DType.float32);
  const amount = graph.binary('Mul', parameter.read, rate, DType.float32);
  return graph.add('AssignSubVariableOp', [parameter.handle, amount, ...after], {
    dtype: type(DType.float32),
  });
}

function operand(
  graph: GraphBuilder,
  name: FusedUpdate['inputs'][number],
  inputs: FusedInputs,
  gradient: Ref,
): Ref {
  if (typeof name !== 'string') return graph.float32(name.constant);
  if (name === 'parameter') return inputs.parameter.handle;
  if (name === 'gradient') return gradient;
  const [kind, which] = name.split(':') as [string, string];
  return kind === 'slot' ? inputs.slots[Number(which)]!.handle : inputs.scalars[which]!;
}

/** An optimizer's update as TensorFlow's one operation that works in place; returns the effect. */
export function applyFused(graph: GraphBuilder, fused: FusedUpdate, inputs: FusedInputs): Ref {
  const { parameter, slots } = inputs;
  const float = DType.float32;
  const penalty = () => graph.binary('Mul', parameter.read, graph.float32(fused.l2), float);
  const gradient =
    fused.l2 === 0 ? inputs.gradient : graph.binary('AddV2', inputs.gradient, penalty(), float);
  const decayed = fused.decoupledDecay === 0 ? [] : [`^${decay(graph, fused.decoupledDecay, inputs)}`];
  const operands = fused.inputs.map((name) => operand(graph, name, inputs, gradient));
  const reads = [parameter, ...slots].map(({ read }) => `^${read}`);
  const flags = Object.entries(fused.booleanAttributes).map(
    ([name, value]) => [name, { kind: 'bool', value }] as const,
  );
  return graph.add(fused.op, [...operands, ...reads, ...decayed, ...inputs.after], {
    T: type(float),
    ...Object.fromEntries(flags),
  });
}
