import { StudioError } from '../../shared/ipc/errors.ts';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { ExampleSet, LoadedDataset, TargetValues } from '../data/loaded-dataset.ts';
import type { DatasetShelf } from './dataset-shelf.ts';

type PageRequest = Parameters<StudioHandlers['datasets.examples']>[0];
type ExamplePage = Awaited<ReturnType<StudioHandlers['datasets.examples']>>;

/** Maps the smallest value of the training part to 0 and the largest to 255. */
function byteScale({ train }: LoadedDataset): (value: number) => number {
  const { values } = train.features;
  if (values instanceof Uint8Array) return (value) => value;
  const bounds = { least: Infinity, greatest: -Infinity };
  for (const value of values) {
    if (value < bounds.least) bounds.least = value;
    if (value > bounds.greatest) bounds.greatest = value;
  }
  const scale = bounds.greatest > bounds.least ? 255 / (bounds.greatest - bounds.least) : 0;
  return (value) => Math.min(255, Math.max(0, Math.round((value - bounds.least) * scale)));
}

function checkRows(rows: readonly number[], { exampleCount }: ExampleSet, part: string): void {
  const outside = rows.find((row) => row >= exampleCount);
  if (outside === undefined) return;
  throw new StudioError(
    'invalid-input',
    `datasets: row ${outside} was asked for and the ${part} part has rows 0 to ${exampleCount - 1}; ask for one of these`,
    { path: 'rows' },
  );
}

function pickFeatures(
  dataset: LoadedDataset,
  toByte: (value: number) => number,
  set: ExampleSet,
  rows: readonly number[],
): ExamplePage['values'] {
  const { shape, values } = set.features;
  const width = shape.slice(1).reduce((product, side) => product * side, 1);
  const isImage = dataset.info.featureShape.length === 3;
  const page = isImage ? new Uint8Array(rows.length * width) : new Float32Array(rows.length * width);
  rows.forEach((row, place) => {
    const example = values.subarray(row * width, (row + 1) * width);
    page.set(isImage && !(values instanceof Uint8Array) ? example.map(toByte) : example, place * width);
  });
  return page;
}

function pickTarget(values: TargetValues, rows: readonly number[]): ExamplePage['targets'][number] {
  const picked = rows.map((row) => values[row]!);
  return values instanceof Int32Array ? Int32Array.from(picked) : Float32Array.from(picked);
}

/** Pages of examples from the datasets on a shelf. */
export class DatasetPages {
  readonly #shelf: DatasetShelf;
  /** By dataset, for as long as it is in memory: finding the extremes reads it all. */
  readonly #scales = new WeakMap<LoadedDataset, (value: number) => number>();

  constructor(shelf: DatasetShelf) {
    this.#shelf = shelf;
  }

  /**
   * Examples by row, as they are shown: images 8-bit (float ones between the part's least and greatest value), rows of
   * numbers as float32.
   * @throws StudioError as `loadDataset`; `invalid-input` for a row that is not there
   */
  async get({ data, part, rows }: PageRequest): Promise<ExamplePage> {
    const dataset = await this.#shelf.get(data);
    const set = dataset[part];
    checkRows(rows, set, part);
    return {
      shape: [...dataset.info.featureShape],
      rows: Int32Array.from(rows),
      values: pickFeatures(dataset, this.#scaleOf(dataset), set, rows),
      targets: set.targets.map((target) => pickTarget(target, rows)),
    };
  }

  #scaleOf(dataset: LoadedDataset): (value: number) => number {
    const known = this.#scales.get(dataset);
    if (known !== undefined) return known;
    const scale = byteScale(dataset);
    this.#scales.set(dataset, scale);
    return scale;
  }
}
