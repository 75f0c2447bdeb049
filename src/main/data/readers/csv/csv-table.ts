/**
 * What a column of a table holds. `number` and `integer` are decimal numbers, `boolean` is true/false or yes/no,
 * `category` is text of few different values, `text` any other.
 */
export type ColumnType = 'number' | 'integer' | 'boolean' | 'category' | 'text';

/** A column of numbers (booleans are 0 and 1); NaN where the value is missing. */
export interface NumericColumn {
  readonly name: string;
  readonly type: 'number' | 'integer' | 'boolean';
  readonly values: Float64Array;
  readonly missingCount: number;
}

/** A column of text; null where the value is missing. Equal values of a category share one string. */
export interface TextColumn {
  readonly name: string;
  readonly type: 'category' | 'text';
  readonly values: readonly (string | null)[];
  readonly missingCount: number;
}

export type TableColumn = NumericColumn | TextColumn;

/** Characters that part the cells of a row. */
export type CsvDelimiter = ',' | ';' | '\t' | '|';

/** A table in memory. `delimiter` and `hasHeader` say how it was read: what was guessed, or what was asked for. */
export interface CsvTable {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  readonly delimiter: CsvDelimiter;
  readonly hasHeader: boolean;
}

/** Most that the reader takes into memory. */
export interface CsvLimits {
  /** Of the file, packed or unpacked. */
  readonly maximumBytes: number;
  readonly maximumRows: number;
  readonly maximumColumns: number;
  /** Rows times columns. */
  readonly maximumCells: number;
  readonly maximumCellCharacters: number;
  /** Of one row without its delimiters; a quote that is never closed is stopped here. */
  readonly maximumRowBytes: number;
}

/** Tables of about a gigabyte in memory at most. */
export const defaultCsvLimits: CsvLimits = {
  maximumBytes: 2 ** 29,
  maximumRows: 5_000_000,
  maximumColumns: 10_000,
  maximumCells: 50_000_000,
  maximumCellCharacters: 32_768,
  maximumRowBytes: 2 ** 22,
};

/** How a table is read where the guess is wrong; what is left out is guessed. */
export interface CsvOptions {
  readonly delimiter?: CsvDelimiter;
  /** Whether the first row names the columns. */
  readonly hasHeader?: boolean;
  /** Types by column name; other columns are guessed. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** What stands for a missing value, case counts; {@link defaultMissingTokens} unless told. */
  readonly missingTokens?: readonly string[];
  readonly limits?: CsvLimits;
}

/** What stands for a missing value unless told otherwise. */
export const defaultMissingTokens: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'];
