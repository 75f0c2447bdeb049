import type { HeadResult, RunResults } from '../../shared/schema/results.ts';
import type { RunColumns } from './explore-filter.ts';
import type { ExampleSpace } from './explore-space.ts';

/** The head that answers for a target: the one named after it, else the one at its place, else the first. */
export function headFor(results: RunResults, target: string, place: number): HeadResult {
  const { heads } = results;
  return heads.find((head) => head.name === target) ?? heads[place] ?? heads[0]!;
}

/** Columns of a run that has not answered yet. */
export function emptyRunColumns(space: ExampleSpace, kind: RunColumns['kind']): RunColumns {
  const { count } = space;
  return {
    kind,
    known: new Uint8Array(count),
    predicted: kind === 'classification' ? new Int32Array(count) : new Float32Array(count),
    confidence: new Float32Array(count).fill(Number.NaN),
    loss: new Float32Array(count).fill(Number.NaN),
  };
}

/** Writes what a head says of one split into the columns. */
export function addHead(
  columns: RunColumns,
  space: ExampleSpace,
  split: RunResults['split'],
  { result }: HeadResult,
): void {
  const part = split === 'test' ? 'test' : 'train';
  result.rows.forEach((row, at) => {
    const index = space.indexOf(part, row);
    columns.known[index] = 1;
    columns.predicted[index] = result.predicted[at]!;
    if (result.kind === 'classification') {
      columns.confidence[index] = result.confidence[at]!;
      columns.loss[index] = result.exampleLoss?.[at] ?? Number.NaN;
    } else columns.loss[index] = Math.abs(result.actual[at]! - result.predicted[at]!);
  });
}

/** Has the run given a loss for anything? */
export function hasLosses(columns: RunColumns): boolean {
  return columns.loss.some((value) => Number.isFinite(value));
}
