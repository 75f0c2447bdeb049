import type { StudioHandlers } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { FigureSpec, TableSpec } from '../../../shared/schema/figure.ts';

/** The studio's own calls, from whose answers figures are made. */
export type FigureSource = Pick<
  StudioHandlers,
  | 'experiments.get'
  | 'experiments.results'
  | 'runs.get'
  | 'results.get'
  | 'results.field'
  | 'results.histograms'
  | 'datasets.examples'
  | 'explore.statistics'
  | 'compare.series'
  | 'inspect.filters'
  | 'inspect.featureMaps'
  | 'inspect.attribution'
  | 'inspect.maximise'
  | 'inspect.profile'
>;

/** All figures and tables of an experiment; those that could not be made, with the reason. */
export interface ReportFigures {
  readonly figures: { name: string; figure: FigureSpec }[];
  readonly tables: { name: string; table: TableSpec }[];
  readonly missing: { name: string; reason: string }[];
}

/** Collects figures. One that cannot be made is told of and does not hold up the others. */
export class Collector {
  readonly report: ReportFigures = { figures: [], tables: [], missing: [] };
  readonly #prefix: string;

  /** @param prefix of every name, the experiment's id */
  constructor(prefix: string) {
    this.#prefix = prefix.replace(/^.*\//, '');
  }

  /** Adds what `make` gives; null where the run has nothing of the kind. */
  async figure(name: string, make: () => Promise<FigureSpec | null> | FigureSpec | null): Promise<void> {
    const figure = await this.#attempt(name, make);
    if (figure !== null) this.report.figures.push({ name: this.#named(name), figure });
  }

  async table(name: string, make: () => Promise<TableSpec | null> | TableSpec | null): Promise<void> {
    const table = await this.#attempt(name, make);
    if (table !== null && table.rows.length > 0) this.report.tables.push({ name: this.#named(name), table });
  }

  #named(name: string): string {
    return `${this.#prefix}-${name}`;
  }

  async #attempt<T>(name: string, make: () => Promise<T | null> | T | null): Promise<T | null> {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      this.report.missing.push({ name: this.#named(name), reason: error.message });
      return null;
    }
  }
}
