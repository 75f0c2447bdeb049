import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { DataSpec, DatasetInfo, SplitName } from '../../shared/schema/dataset.ts';
import type { RunResults } from '../../shared/schema/results.ts';
import type { RunDetail } from '../../shared/schema/run.ts';
import type { RunColumns } from './explore-filter.ts';
import { addHead, emptyRunColumns, headFor } from './explore-run.ts';
import type { ExampleSpace } from './explore-space.ts';
import { asError } from './run-results-loader.svelte.ts';

/** The small split first: it is there at once, and it is the one most asked about. */
const SPLITS: readonly SplitName[] = ['test', 'dev', 'train'];

/** A run can be laid over the examples if it saw the same rows: the same columns of a table, the same generated points. */
export function sameExamples(one: DataSpec, other: DataSpec): boolean {
  const key = ({ dataset, generator, table }: DataSpec) => JSON.stringify([dataset, generator, table]);
  return key(one) === key(other);
}

function hasDev({ split }: DataSpec): boolean {
  return split.devExamples === null ? split.devFraction > 0 : split.devExamples > 0;
}

/** What one run says of the examples: read split by split, at the weights the run ended with. */
export class RunLens {
  runId = $state.raw<string | null>(null);
  detail = $state.raw<RunDetail | null>(null);
  /** Replaced whenever another split has come. */
  columns = $state.raw<RunColumns | null>(null);
  /** Splits still to come. */
  pending = $state.raw<readonly SplitName[]>([]);
  error = $state.raw<Error | null>(null);
  /** Told when another split has come. */
  onread: () => void = () => undefined;
  readonly #client: StudioClient;
  #turn = 0;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Lets the run go; what is still read is dropped. */
  clear(): void {
    this.#turn++;
    this.runId = null;
    this.detail = null;
    this.columns = null;
    this.pending = [];
    this.error = null;
  }

  /** Stops reading further splits and keeps those read. */
  stop(): void {
    this.#turn++;
    this.pending = [];
  }

  /** Reads what a run was made with. Null when another was chosen meanwhile, or it cannot be read. */
  async open(runId: string): Promise<RunDetail | null> {
    this.clear();
    this.runId = runId;
    const turn = this.#turn;
    try {
      const detail = await this.#client.invoke('runs.get', { runId });
      if (turn !== this.#turn) return null;
      this.detail = detail;
      return detail;
    } catch (thrown) {
      if (turn === this.#turn) this.error = asError(thrown);
      return null;
    }
  }

  /** Reads the answers of an opened run on every split. */
  async read(space: ExampleSpace, info: DatasetInfo, target: number): Promise<void> {
    const { detail } = this;
    if (detail === null) return;
    const turn = ++this.#turn;
    this.error = null;
    this.columns = null;
    this.pending = SPLITS.filter((split) => split !== 'dev' || hasDev(detail.experiment.data));
    for (const split of this.pending) {
      try {
        const asked = { runId: detail.summary.id, epoch: null, split };
        const results = await this.#client.invoke('results.get', asked);
        if (turn !== this.#turn) return;
        this.#add(results, space, info, target);
      } catch (thrown) {
        if (turn !== this.#turn) return;
        this.error = asError(thrown);
        this.pending = [];
        return;
      }
      this.pending = this.pending.filter((other) => other !== split);
    }
  }

  /** Says why the run cannot be shown here. */
  refuse(message: string): void {
    this.stop();
    this.columns = null;
    this.error = new Error(message);
  }

  #add(results: RunResults, space: ExampleSpace, info: DatasetInfo, target: number): void {
    const head = headFor(results, info.targets[target]?.name ?? '', target);
    const columns = this.columns ?? emptyRunColumns(space, head.result.kind);
    addHead(columns, space, results.split, head);
    this.columns = { ...columns };
    this.onread();
  }
}
