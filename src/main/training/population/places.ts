import { countParameters } from '../../model/summarise.ts';
import type { PreparedRun } from '../prepare-run.ts';

/** Parameters, moments, gradients and activations of the nets that train together should stay in a core's cache. */
const CACHE_BYTES = 2 ** 21;
/** Tensors of a parameter's size that a step reads or writes. */
const TENSORS_OF_A_PARAMETER = 4;
const FLOAT_BYTES = 4;
/** A step of fewer nets is mostly overhead, even where they leave the cache: five folds go together. */
const FEWEST = 5;
const MOST = 32;

/** XLA computes a lone net in another way, whose last digits are others. */
const NOT_ALONE = 2;

/** What a step costs by itself, in nets. */
const STEP_OVERHEAD = 1;

/** What training takes, in nets and epochs: a turn lasts as long as its longest net, and its empty places cost as well. */
function costOf(places: number, epochsDescending: readonly number[]): number {
  let cost = 0;
  for (let first = 0; first < epochsDescending.length; first += places) {
    cost += epochsDescending[first]! * (places + STEP_OVERHEAD);
  }
  return cost;
}

/**
 * How many nets train as one: at most as many as a core's cache holds, and so many that places are seldom empty, be it for
 * lack of nets or because some of a turn's nets end long before the others.
 * @param parameters of each net
 * @param epochs of each net
 */
export function choosePlaces(parameters: number, epochs: readonly number[]): number {
  const fitting = Math.floor(CACHE_BYTES / (parameters * TENSORS_OF_A_PARAMETER * FLOAT_BYTES));
  const most = Math.min(Math.max(fitting, FEWEST), MOST, epochs.length);
  const descending = epochs.toSorted((a, b) => b - a);
  let [best, least] = [NOT_ALONE, costOf(NOT_ALONE, descending)];
  for (let places = NOT_ALONE + 1; places <= most; places++) {
    const cost = costOf(places, descending);
    if (cost <= least) [best, least] = [places, cost];
  }
  return best;
}

/** How many nets of a key train as one. */
export function placesFor(members: readonly PreparedRun[]): number {
  const parameters = countParameters(members[0]!.plan.layers.flatMap(({ variables }) => variables));
  return choosePlaces(
    parameters,
    members.map(({ experiment }) => experiment.training.epochs),
  );
}
