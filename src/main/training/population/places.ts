import type { PreparedRun } from '../prepare-run.ts';

/** Parameters, moments, gradients and activations of the nets that train together should stay in a core's cache. */
const CACHE_BYTES = 2 ** 21;
/** Tensors of a parameter's size that a step reads or writes. */
const TENSORS_OF_A_PARAMETER = 4;
const FLOAT_BYTES = 4;
/** A step of fewer nets is mostly overhead; one of more gains nothing. */
const FEWEST = 4;
const MOST = 32;

/** XLA computes a lone net in another way, whose last digits are others. */
const NOT_ALONE = 2;

/** How many nets of a key train as one: as many as a core's cache holds, in turns of equal size. */
export function placesFor(members: readonly PreparedRun[]): number {
  const parameters = members[0]!.plan.layers
    .flatMap(({ variables }) => variables)
    .reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const fitting = Math.floor(CACHE_BYTES / (parameters * TENSORS_OF_A_PARAMETER * FLOAT_BYTES));
  const most = Math.min(Math.max(fitting, FEWEST), MOST);
  const turns = Math.ceil(members.length / most);
  return Math.max(NOT_ALONE, Math.ceil(members.length / turns));
}
