import type { GraphBuilder, Ref } from './graph-builder.ts';
import type { NodeDef } from './proto.ts';

/** Functions of one element that never fall as it rises, and the operations of their gradients. */
const MONOTONE: Readonly<Record<string, string>> = {
  Relu: 'ReluGrad',
  Relu6: 'Relu6Grad',
  LeakyRelu: 'LeakyReluGrad',
  Elu: 'EluGrad',
  Tanh: 'TanhGrad',
  Sigmoid: 'SigmoidGrad',
  Softplus: 'SoftplusGrad',
};

/** Elementwise operations that make zero of a zero gradient. */
const LINEAR = new Set(['Mul', ...Object.values(MONOTONE)]);

type ShapeOf = (ref: Ref) => readonly number[] | undefined;

class PoolFirst {
  readonly #graph: GraphBuilder;
  readonly #shapeOf: ShapeOf;
  /** Nodes that nothing needs any more. */
  readonly #left = new Set<Ref>();
  /** By the name of a pooling: values of its input's size, and what they are at its maxima. */
  readonly #atMaxima = new Map<Ref, ReadonlyMap<Ref, Ref>>();

  constructor(graph: GraphBuilder, shapeOf: ShapeOf) {
    this.#graph = graph;
    this.#shapeOf = shapeOf;
  }

  /** Changes one place; false where there is none left. */
  step(): boolean {
    return this.#graph.nodes.some((node) => {
      if (node.op === 'MaxPool') return this.#poolSooner(node);
      return node.op === 'MaxPoolGrad' && this.#scatterLater(node);
    });
  }

  /** A scalar, or one number per channel? */
  #isChannelwise(ref: Ref): boolean {
    return (this.#shapeOf(ref)?.length ?? Infinity) <= 1;
  }

  #readers(name: Ref): NodeDef[] {
    return this.#graph.readers(name).filter((node) => !this.#left.has(node.name));
  }

  #neverFalls({ op, inputs }: NodeDef): boolean {
    if (op in MONOTONE) return true;
    const [, other] = inputs;
    if (other === undefined || !this.#isChannelwise(other)) return false;
    return op === 'Add' || (op === 'Mul' && this.#graph.node(other)?.op === 'Abs');
  }

  /** pool(f(x)) becomes f(pool(x)), where nothing but this pooling takes f(x). */
  #poolSooner(pool: NodeDef): boolean {
    const whole = this.#graph.node(pool.inputs[0]!);
    if (!whole || !this.#neverFalls(whole)) return false;
    const readers = this.#readers(whole.name).filter(({ name }) => name !== pool.name);
    const isScatter = ({ op, inputs }: NodeDef) => op === 'MaxPoolGrad' && inputs[1] === pool.name;
    const scatters = readers.filter(isScatter);
    const isSlope = ({ op, inputs }: NodeDef) =>
      op === MONOTONE[whole.op] && inputs.some((input) => scatters.some(({ name }) => name === input));
    if (!readers.every((reader) => isScatter(reader) || isSlope(reader))) return false;
    const [x, ...others] = whole.inputs as [Ref, ...Ref[]];
    const first = this.#graph.add('MaxPool', [x], pool.attributes);
    this.#graph.replace({ ...whole, name: pool.name, inputs: [first, ...others] });
    for (const scatter of scatters) {
      this.#graph.replace({ ...scatter, inputs: [x, first, scatter.inputs[2]!] });
    }
    this.#left.add(whole.name);
    const known = this.#atMaxima.get(pool.name) ?? [];
    this.#atMaxima.set(first, new Map([...known, [x, first], [whole.name, pool.name]]));
    return true;
  }

  /** h(scatter(g)) becomes scatter(h(g)), where scatter puts the gradient of each maximum in the maximum's place. */
  #scatterLater(scatter: NodeDef): boolean {
    return this.#readers(scatter.name).some((reader) => this.#readSooner(scatter, reader));
  }

  #readSooner(scatter: NodeDef, reader: NodeDef): boolean {
    const [x, maxima, gradient] = scatter.inputs as [Ref, Ref, Ref];
    if (reader.op === 'BiasAddGrad') {
      this.#graph.replace({ ...reader, inputs: [gradient] });
      return true;
    }
    // A sum over rows does not mind how they are arranged.
    if (reader.op === 'Reshape' && this.#shapeOf(reader.name)?.at(-1) === this.#shapeOf(x)?.at(-1)) {
      const sums = this.#readers(reader.name).filter(({ op }) => op === 'BiasAddGrad');
      for (const sum of sums) this.#graph.replace({ ...sum, inputs: [gradient] });
      return sums.length > 0;
    }
    if (!LINEAR.has(reader.op)) return false;
    const small = new Map([[x, maxima], ...(this.#atMaxima.get(maxima) ?? []), [scatter.name, gradient]]);
    const isSmall = (input: Ref) => small.has(input) || this.#isChannelwise(input);
    if (!reader.inputs.every(isSmall)) return false;
    const inputs = reader.inputs.map((input) => small.get(input) ?? input);
    const slope = this.#graph.add(reader.op, inputs, reader.attributes);
    this.#graph.replace({ ...scatter, name: reader.name, inputs: [x, maxima, slope] });
    return true;
  }
}

/**
 * Lets max pooling and what acts on each element or channel by itself change places, forwards and in the gradient, so
 * that the latter has a quarter of the elements to do. The values of all nodes that are read from outside stay: the
 * maximum of a window stays where it is under a function that never falls.
 * @param shapeOf shapes of the values in the graph, as far as they are known
 */
export function poolFirst(graph: GraphBuilder, shapeOf: ShapeOf): void {
  const rewriting = new PoolFirst(graph, shapeOf);
  while (rewriting.step());
}
