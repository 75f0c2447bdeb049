import { StudioError } from '../../../shared/ipc/errors.ts';
import type { Binding } from './binding.ts';
import type { CApi, GraphOutput } from './c-api.ts';
import type { Pointer } from './c-library.ts';
import { nodeOf, type Ref } from './graph-builder.ts';
import { encodeAttribute, encodeGraph, type NodeDef } from './proto.ts';
import { withStatus } from './status.ts';

/** A function to register with TensorFlow. */
export interface FunctionDefinition {
  readonly name: string;
  readonly nodes: readonly NodeDef[];
  /** Names of the parameters, in order. */
  readonly inputs: readonly Ref[];
  readonly outputs: readonly Ref[];
  /** Functions that the nodes call by name. */
  readonly library: readonly NativeFunction[];
  /** Compile the whole function by XLA. */
  readonly xla: boolean;
}

/** A function registered with TensorFlow's context, run by its name. */
export class NativeFunction {
  readonly name: string;
  readonly pointer: Pointer;
  readonly #binding: Binding;

  constructor(binding: Binding, name: string, pointer: Pointer) {
    this.#binding = binding;
    this.name = name;
    this.pointer = pointer;
  }

  /** Takes the function out of the context and frees it. */
  dispose(): void {
    const { api, context } = this.#binding;
    withStatus(api, `removing ${this.name}`, (status) =>
      api.context.removeFunction(context, this.name, status),
    );
    api.graph.deleteFunction(this.pointer);
  }
}

function importNodes(api: CApi, graph: Pointer, nodes: readonly NodeDef[], name: string): void {
  const bytes = encodeGraph(nodes);
  const buffer = api.graph.createBuffer(bytes, bytes.length);
  const options = api.graph.createImportOptions();
  try {
    withStatus(api, `importing ${name}`, (status) => api.graph.import(graph, buffer, options, status));
  } finally {
    api.graph.deleteImportOptions(options);
    api.graph.deleteBuffer(buffer);
  }
}

function findOutput(api: CApi, graph: Pointer, ref: Ref): GraphOutput {
  const oper = api.graph.operation(graph, nodeOf(ref));
  if (oper === null) throw new StudioError('internal', `Tracer: the graph has no node for ${ref}`);
  return { oper, index: Number(/:(\d+)$/.exec(ref)?.[1] ?? 0) };
}

function convert(api: CApi, graph: Pointer, definition: FunctionDefinition): Pointer {
  const inputs = definition.inputs.map((ref) => findOutput(api, graph, ref));
  const outputs = definition.outputs.map((ref) => findOutput(api, graph, ref));
  const { name } = definition;
  return withStatus(api, `making ${name}`, (status) =>
    api.graph.toFunction(
      graph,
      name,
      0,
      -1,
      null,
      inputs.length,
      inputs,
      outputs.length,
      outputs,
      null,
      null,
      name,
      status,
    ),
  );
}

function requireXla(api: CApi, pointer: Pointer, name: string): void {
  const value = encodeAttribute({ kind: 'bool', value: true });
  withStatus(api, `marking ${name} for XLA`, (status) =>
    api.graph.setFunctionAttribute(pointer, '_XlaMustCompile', value, value.length, status),
  );
}

/**
 * Turns nodes into a function and registers it; the caller disposes of it.
 * @throws StudioError with TensorFlow's message when it does not accept the graph
 */
export function registerFunction(binding: Binding, definition: FunctionDefinition): NativeFunction {
  const { api, context } = binding;
  const graph = api.graph.create();
  try {
    for (const called of definition.library) {
      withStatus(api, `copying ${called.name}`, (status) =>
        api.graph.copyFunction(graph, called.pointer, null, status),
      );
    }
    importNodes(api, graph, definition.nodes, definition.name);
    const pointer = convert(api, graph, definition);
    if (definition.xla) requireXla(api, pointer, definition.name);
    withStatus(api, `registering ${definition.name}`, (status) =>
      api.context.addFunction(context, pointer, status),
    );
    return new NativeFunction(binding, definition.name, pointer);
  } finally {
    api.graph.delete(graph);
  }
}
