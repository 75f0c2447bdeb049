import { z } from 'zod';
import { runFailure } from './run.ts';
import { trialState } from './study.ts';

const int32Array = z.instanceof(Int32Array<ArrayBuffer>);
const float64Array = z.instanceof(Float64Array<ArrayBuffer>);
const uint8Array = z.instanceof(Uint8Array<ArrayBuffer>);

/** What the points of all trials say of one parameter. */
const pointColumn = z.discriminatedUnion('kind', [
  /** NaN where the parameter does not count. */
  z.strictObject({ kind: z.literal('numbers'), name: z.string(), values: float64Array }),
  /** Places among the different values; -1 where the parameter does not count. */
  z.strictObject({
    kind: z.literal('choices'),
    name: z.string(),
    different: z.array(z.json()),
    places: int32Array,
  }),
]);
export type PointColumn = z.infer<typeof pointColumn>;

const columns = z.strictObject({
  numbers: int32Array,
  /** Places in `trialState`. */
  states: uint8Array,
  points: z.array(pointColumn),
  /** By objective; NaN for null. */
  values: z.array(float64Array),
  /** Objectives that each trial has a value or a null for. */
  valueCounts: uint8Array,
  /** NaN for null, as in the times. */
  standardErrors: float64Array,
  netsDone: int32Array,
  netsPlanned: int32Array,
  epochs: float64Array,
  startedAtMs: float64Array,
  endedAtMs: float64Array,
  /** Of the rows that have one. */
  failures: z.array(z.strictObject({ row: z.int().nonnegative(), failure: runFailure })),
});

/** What is wrong with columns; null for nothing. */
function faultOf(table: z.infer<typeof columns>): string | null {
  const { numbers, states, points, values, failures } = table;
  const lengths = [
    ...Object.values(table).flatMap((column) => (ArrayBuffer.isView(column) ? [column.length] : [])),
    ...values.map(({ length }) => length),
    ...points.map((point) => (point.kind === 'numbers' ? point.values : point.places).length),
  ];
  const other = lengths.find((length) => length !== numbers.length);
  if (other !== undefined) return `columns of ${numbers.length} and of ${other} rows`;
  if (states.some((state) => state >= trialState.options.length)) return 'a state that is none';
  const isOutside = (point: PointColumn): boolean =>
    point.kind === 'choices' && point.places.some((place) => place >= point.different.length);
  if (points.some(isOutside)) return 'a choice that is none';
  return failures.some(({ row }) => row >= numbers.length) ? 'a failure of no trial' : null;
}

/**
 * Trials by column, as many rows each: thousands of them cross between processes in a fraction of the time that objects
 * take. Made by `packTrials`, read by `unpackTrials`.
 */
export const trialTable = columns.superRefine((table, context) => {
  const fault = faultOf(table);
  if (fault !== null) context.addIssue({ code: 'custom', message: `a table of trials with ${fault}` });
});
export type TrialTable = z.infer<typeof trialTable>;
