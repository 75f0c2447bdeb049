import { StudioError } from '../../shared/ipc/errors.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { Features, TargetValues } from '../data/loaded-dataset.ts';
import type { InspectedRun } from './inspected-run.ts';

/** The examples of a split. Arrays are shared with the dataset. */
export interface SplitRows {
  /** Of the part that holds the split, as the model's preparation takes them. */
  readonly features: Features;
  /** Of the same part, by target. */
  readonly targets: readonly TargetValues[];
  /** Rows of that part. */
  readonly rows: Int32Array;
}

/** @throws StudioError `not-found` where the split has no examples */
export async function splitRows(run: InspectedRun, split: SplitName): Promise<SplitRows> {
  const rows = run.split[split];
  if (rows.length === 0) {
    throw new StudioError(
      'not-found',
      `results: this run has no ${split} examples; take another split, or start it with a ${split} part`,
      { split },
    );
  }
  const part = split === 'test' ? run.dataset.test : run.dataset.train;
  return { features: await run.feed(part.features), targets: part.targets, rows };
}

/** All rows, or `most` of them at equal distances, in their order. */
export function spreadRows(rows: Int32Array, most: number): Int32Array<ArrayBuffer> {
  const count = Math.min(rows.length, most);
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}
