import { StudioError } from '../../../shared/ipc/errors.ts';
import type { StateTensor } from '../engine.ts';
import { typeAttribute } from './backend.ts';
import { AttributeType, type Binding } from './binding.ts';
import { DType } from './dtype.ts';
import type { GraphValue } from './graph-builder.ts';

/** Tensors borrowed for a while. */
export interface BorrowedState {
  /** In the order of the training step's state. */
  readonly ids: readonly number[];
  release(): void;
}

/** Where the state of a training program lives between calls. */
export interface ProgramState {
  /** What a call passes in and gets back anew; nothing where the state is in variables. */
  carried(): readonly number[];
  /** Takes over what a call gave back. */
  accept(ids: readonly number[]): void;
  /** The current values, for an evaluation. */
  borrow(): BorrowedState;
  write(state: readonly StateTensor[]): void;
  dispose(): void;
}

/** The parameter of a loop that a state tensor goes to. */
export function stateParameter(state: StateTensor, index: number): GraphValue {
  return { ref: `state_${index}`, dtype: DType.float32, shape: state.shape };
}

/** @throws StudioError `shape-mismatch` when names, order or shapes differ */
export function requireSameState(expected: readonly StateTensor[], given: readonly StateTensor[]): void {
  const describe = (state: StateTensor | undefined) =>
    state ? `${state.name} [${state.shape.join(', ')}]` : 'nothing';
  for (let i = 0; i < Math.max(expected.length, given.length); i++) {
    const [wanted, found] = [describe(expected[i]), describe(given[i])];
    if (wanted === found) continue;
    throw new StudioError(
      'shape-mismatch',
      `Training program: state tensor ${i} is ${found}, expected ${wanted}; use a checkpoint of the same model ` +
        'and optimizer.',
    );
  }
}

function createAll(binding: Binding, state: readonly StateTensor[]): number[] {
  return state.map(({ shape, values }) => binding.createTensor(shape, DType.float32, values));
}

/** Copies of borrowed values, described as the step describes them. */
export function readState(
  binding: Binding,
  layout: readonly StateTensor[],
  { ids }: BorrowedState,
): StateTensor[] {
  return layout.map(({ name, role, shape }, i) => ({
    name,
    role,
    shape,
    values: binding.tensorDataSync(ids[i]!) as Float32Array,
  }));
}

/** State as plain tensors: a call takes them as arguments and returns the new ones. */
export class PureState implements ProgramState {
  readonly #binding: Binding;
  #ids: readonly number[];

  constructor(binding: Binding, state: readonly StateTensor[]) {
    this.#binding = binding;
    this.#ids = createAll(binding, state);
  }

  carried(): readonly number[] {
    return this.#ids;
  }

  accept(ids: readonly number[]): void {
    const old = this.#ids;
    this.#ids = ids;
    for (const id of old) this.#binding.deleteTensor(id);
  }

  borrow(): BorrowedState {
    return { ids: this.#ids, release: () => undefined };
  }

  write(state: readonly StateTensor[]): void {
    this.accept(createAll(this.#binding, state));
  }

  dispose(): void {
    this.accept([]);
  }
}

const FLOAT_DTYPE = typeAttribute('dtype', DType.float32);

/** State in TensorFlow's variables, which fused update operations change in place. */
export class VariableState implements ProgramState {
  /** Names under which a function finds the variables. */
  readonly names: readonly string[];
  readonly #binding: Binding;
  readonly #handles: readonly number[];

  /** @param prefix makes the variables' names unique in the process */
  constructor(binding: Binding, state: readonly StateTensor[], prefix: string) {
    this.#binding = binding;
    this.names = state.map((_, index) => `${prefix}_${index}`);
    this.#handles = state.map(({ shape }, index) => this.#createHandle(this.names[index]!, shape));
    this.write(state);
  }

  #createHandle(name: string, shape: readonly number[]): number {
    const attributes = [
      FLOAT_DTYPE,
      { name: 'shape', type: AttributeType.shape, value: shape },
      { name: 'container', type: AttributeType.string, value: '' },
      { name: 'shared_name', type: AttributeType.string, value: name },
    ];
    return this.#binding.executeOp('VarHandleOp', attributes, [], 1)[0]!.id;
  }

  carried(): readonly number[] {
    return [];
  }

  accept(): void {}

  /** Reading shares the variable's memory: no copy is made unless it changes meanwhile. */
  borrow(): BorrowedState {
    const ids = this.#handles.map(
      (handle) => this.#binding.executeOp('ReadVariableOp', [FLOAT_DTYPE], [handle], 1)[0]!.id,
    );
    return { ids, release: () => ids.forEach((id) => this.#binding.deleteTensor(id)) };
  }

  write(state: readonly StateTensor[]): void {
    createAll(this.#binding, state).forEach((id, index) => {
      this.#binding.executeOp('AssignVariableOp', [FLOAT_DTYPE], [this.#handles[index]!, id], 0);
      this.#binding.deleteTensor(id);
    });
  }

  dispose(): void {
    for (const handle of this.#handles) {
      this.#binding.executeOp(
        'DestroyResourceOp',
        [{ name: 'ignore_lookup_error', type: AttributeType.bool, value: true }],
        [handle],
        0,
      );
      this.#binding.deleteTensor(handle);
    }
  }
}
