import { StudioError } from '../../shared/ipc/errors.ts';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { loadDataset } from '../data/index.ts';
import type { DatasetChoice } from '../data/index.ts';
import type { ExampleSet, LoadedDataset, TargetValues } from '../data/loaded-dataset.ts';

type PageRequest = Parameters<StudioHandlers['datasets.examples']>[0];
type ExamplePage = Awaited<ReturnType<StudioHandlers['datasets.examples']>>;

/** Datasets kept in memory for paging: the one that is looked at, and the one before. */
const KEPT = 2;
/** After so long without a page they are let go; the largest take 180 MB each. */
const IDLE_MS = 60_000;

/** A loaded dataset, and how its values are brought to 0..255 where they are float images. */
interface ShownDataset {
  readonly dataset: LoadedDataset;
  readonly toByte: (value: number) => number;
}

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
  { dataset, toByte }: ShownDataset,
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

/** Pages of examples from a few datasets kept in memory for as long as somebody looks at them. */
export class DatasetPages {
  readonly #datasetDirectory: string;
  readonly #kept = new Map<string, Promise<ShownDataset>>();
  #idle: NodeJS.Timeout | null = null;

  constructor(datasetDirectory: string) {
    this.#datasetDirectory = datasetDirectory;
  }

  /**
   * Examples by row, as they are shown: images 8-bit (float ones between the part's least and greatest value), rows of
   * numbers as float32.
   * @throws StudioError as `loadDataset`; `invalid-input` for a row that is not there
   */
  async get({ data, part, rows }: PageRequest): Promise<ExamplePage> {
    const shown = await this.#load(data);
    const set = shown.dataset[part];
    checkRows(rows, set, part);
    return {
      shape: [...shown.dataset.info.featureShape],
      rows: Int32Array.from(rows),
      values: pickFeatures(shown, set, rows),
      targets: set.targets.map((target) => pickTarget(target, rows)),
    };
  }

  /** Lets all go, because a dataset was removed or stored anew, or the studio ends. */
  clear(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#kept.clear();
  }

  #load({ dataset, generator, table }: DatasetChoice): Promise<ShownDataset> {
    const key = JSON.stringify([dataset, generator, table]);
    const loading = this.#kept.get(key) ?? this.#loadNew(key, { dataset, generator, table });
    this.#kept.delete(key);
    this.#kept.set(key, loading);
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    this.#restartIdle();
    return loading;
  }

  #loadNew(key: string, choice: DatasetChoice): Promise<ShownDataset> {
    const loading = loadDataset(choice, this.#datasetDirectory).then((dataset) => {
      return { dataset, toByte: byteScale(dataset) };
    });
    loading.catch(() => this.#kept.delete(key));
    return loading;
  }

  #restartIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.clear(), IDLE_MS).unref();
  }
}
