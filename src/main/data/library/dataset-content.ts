import type { ColumnType, TargetInfo } from '../../../shared/schema/dataset.ts';
import type { ExampleSet } from '../loaded-dataset.ts';

/** Examples that are to be stored. */
export interface ExamplesContent {
  readonly kind: 'examples';
  readonly featureShape: readonly number[];
  /** A name per feature of a row of numbers; empty for images. */
  readonly featureNames: readonly string[];
  readonly targets: readonly TargetInfo[];
  readonly train: ExampleSet;
  /** Null for a dataset that comes as one part. */
  readonly test: ExampleSet | null;
}

/** A column that is to be stored. */
export interface TableColumnContent {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit: string | null;
  /** Names by code; empty for other types. */
  readonly categories: readonly string[];
  /** Numbers (NaN for a missing one), codes (-1 for a missing one), or text. */
  readonly values: Float64Array | Int32Array | readonly (string | null)[];
  readonly missingCount: number;
}

/** A table that is to be stored. */
export interface TableContent {
  readonly kind: 'table';
  readonly rowCount: number;
  readonly columns: readonly TableColumnContent[];
}

export type DatasetContent = ExamplesContent | TableContent;
