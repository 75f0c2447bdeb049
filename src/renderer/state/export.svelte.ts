import type { StudioClient } from '../../shared/ipc/contract.ts';
import {
  printOptions,
  type ExportedFile,
  type FigureFormat,
  type FigureSpec,
  type PrintOptions,
  type TableFormat,
  type TableSpec,
} from '../../shared/schema/figure.ts';

const KEY = 'epoch-studio.print';
/** Answers faster than this never show that they were waited for. */
const WAITING_AFTER_MS = 150;

/** How figures were printed last, so that the next one is set alike. */
export function readPrintOptions(storage: Pick<Storage, 'getItem'>): PrintOptions {
  try {
    return printOptions.parse(JSON.parse(storage.getItem(KEY) ?? '{}'));
  } catch {
    // Written by something else, or by another version.
    return printOptions.parse({});
  }
}

/** What an export needs of the window; doubles in tests. */
export interface ExportSurroundings {
  readonly client: Pick<StudioClient, 'invoke'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly save: (file: ExportedFile) => void;
  readonly copy: (text: string) => Promise<void>;
}

/** Writes figures and tables to files, one at a time. */
export class Exporter {
  options = $state.raw<PrintOptions>(printOptions.parse({}));
  /** What is being made, once that takes over 150 ms. */
  making = $state.raw<string | null>(null);
  busy = $state(false);
  readonly #around: ExportSurroundings;

  constructor(around: ExportSurroundings) {
    this.#around = around;
    this.options = readPrintOptions(around.storage);
  }

  /** Changes and remembers how figures are printed; what makes no valid options is left. */
  set(change: Partial<PrintOptions>): void {
    const changed = printOptions.safeParse({ ...this.options, ...change });
    if (!changed.success) return;
    this.options = changed.data;
    this.#around.storage.setItem(KEY, JSON.stringify(changed.data));
  }

  /** Saves a figure as a file. @throws StudioError where it could not be drawn */
  async saveFigure(figure: FigureSpec, name: string, format: FigureFormat): Promise<void> {
    const { options } = this;
    this.#around.save(
      await this.#make(format.toUpperCase(), () =>
        this.#around.client.invoke('figures.render', { figure, name, format, options }),
      ),
    );
  }

  async saveTable(table: TableSpec, name: string, format: TableFormat): Promise<void> {
    this.#around.save(await this.#renderTable(table, name, format));
  }

  /** Puts a table's text on the clipboard. */
  async copyTable(table: TableSpec, name: string, format: TableFormat): Promise<void> {
    const { bytes } = await this.#renderTable(table, name, format);
    await this.#around.copy(new TextDecoder().decode(bytes));
  }

  /** Saves all figures and tables of an experiment as one zip. */
  async saveAll(id: string, formats: FigureFormat[]): Promise<void> {
    const { options } = this;
    this.#around.save(
      await this.#make('all figures', () =>
        this.#around.client.invoke('experiments.exportFigures', { id, formats, options }),
      ),
    );
  }

  #renderTable(table: TableSpec, name: string, format: TableFormat): Promise<ExportedFile> {
    return this.#make('the table', () =>
      this.#around.client.invoke('tables.render', { table, name, format }),
    );
  }

  async #make(what: string, work: () => Promise<ExportedFile>): Promise<ExportedFile> {
    this.busy = true;
    const timer = setTimeout(() => (this.making = what), WAITING_AFTER_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      this.making = null;
      this.busy = false;
    }
  }
}
