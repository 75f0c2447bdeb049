import type { RunResults } from '../../../shared/schema/results.ts';
import type { PlanePoint } from '../../charts/plane-chart.ts';
import { partOf, type ExampleReader } from '../../state/run-results-examples.ts';
import { evenPositions } from '../../charts/regression.ts';

/** More points of a split than this hide the field, and are read in one call. */
const MOST_POINTS = 1_000;

/** Examples of a split with their first features, the target, and whether the net named it wrong. */
export interface FieldPoints {
  readonly features: readonly (readonly number[])[];
  /** Class or number. */
  readonly target: readonly number[];
  readonly wrong: readonly boolean[];
  /** Examples of the split, of which these are an even share. */
  readonly total: number;
}

/** Reads the points of a split that are drawn over a field. */
export async function readFieldPoints(reader: ExampleReader, results: RunResults): Promise<FieldPoints> {
  const result = results.heads[0]!.result;
  const positions = evenPositions(result.rows.length, MOST_POINTS);
  const rows = positions.map((position) => result.rows[position]!);
  const examples = rows.length === 0 ? [] : await reader.read(partOf(results.split), rows);
  const isClass = result.kind === 'classification';
  return {
    features: examples.map(({ values }) => [...values.subarray(0, 2)]),
    target: positions.map((position) => result.actual[position] ?? Number.NaN),
    wrong: positions.map((position) => isClass && result.actual[position] !== result.predicted[position]),
    total: result.rows.length,
  };
}

/** The points of a 2-D field. */
export function planePoints(points: FieldPoints, split: 'train' | 'test'): PlanePoint[] {
  return points.features.map(([x = Number.NaN, y = Number.NaN], index) => ({
    x,
    y,
    label: points.target[index] ?? 0,
    wrong: points.wrong[index] ?? false,
    split,
  }));
}

/** The points of a 1-D field. */
export function linePoints(points: FieldPoints): { x: number; y: number }[] {
  return points.features.map(([x = Number.NaN], index) => ({ x, y: points.target[index] ?? Number.NaN }));
}
