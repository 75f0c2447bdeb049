import { basename } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetProgress, ImportRequest } from '../../shared/schema/catalogue.ts';
import { checkFetchable, fetchDataset, type ImportFiles, type OfficialDataset } from '../data/index.ts';
import type { Publish } from './surroundings.ts';
import { createThrottle } from './throttle.ts';

type Phase = DatasetProgress['phase'];

/** Shortest time between two events of one transfer. */
const REPORT_MS = 200;

/** Bytes of one download as they come, turned into rate and time left. */
class ByteMeter {
  readonly #startedAt = performance.now();
  #startBytes: number | null = null;
  doneBytes = 0;
  totalBytes = 0;

  update(doneBytes: number, totalBytes: number): void {
    // What an earlier attempt left is no speed of this one.
    this.#startBytes ??= doneBytes;
    this.doneBytes = doneBytes;
    this.totalBytes = totalBytes;
  }

  get bytesPerSecond(): number {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    return seconds > 0 ? (this.doneBytes - (this.#startBytes ?? 0)) / seconds : 0;
  }

  get secondsLeft(): number | null {
    const rate = this.bytesPerSecond;
    return rate > 0 ? (this.totalBytes - this.doneBytes) / rate : null;
  }
}

function messageOf(phase: Phase, name: string): string {
  const messages: Readonly<Record<Phase, string>> = {
    download: `Fetching ${name}`,
    read: `Reading ${name}`,
    store: `Storing ${name}`,
    done: `${name} is ready`,
    failed: `${name} could not be had`,
    cancelled: `Fetching ${name} was cancelled; what has come is kept`,
  };
  return messages[phase];
}

/** Tells the doors how one fetch or import goes: at most every 200 ms, and each phase at once. */
class TransferReport {
  readonly #publish: Publish;
  readonly #dataset: string;
  readonly #name: string;
  readonly #meter = new ByteMeter();
  readonly #throttle = createThrottle<DatasetProgress>(REPORT_MS, (progress) =>
    this.#publish('dataset.progress', progress),
  );

  constructor(publish: Publish, dataset: string, name: string) {
    this.#publish = publish;
    this.#dataset = dataset;
    this.#name = name;
  }

  bytes(doneBytes: number, totalBytes: number): void {
    this.#meter.update(doneBytes, totalBytes);
    this.#throttle.push(this.#progress('download'));
  }

  phase(phase: Phase, message?: string): void {
    this.#throttle.cancel();
    this.#publish('dataset.progress', this.#progress(phase, message));
  }

  #progress(phase: Phase, message = messageOf(phase, this.#name)): DatasetProgress {
    const { doneBytes, totalBytes, bytesPerSecond, secondsLeft } = this.#meter;
    const isDownload = phase === 'download';
    return {
      dataset: this.#dataset,
      phase,
      doneBytes,
      totalBytes,
      bytesPerSecond: isDownload ? bytesPerSecond : 0,
      secondsLeft: isDownload ? secondsLeft : null,
      message,
    };
  }
}

/** Fetches and imports datasets, one of each at a time, and tells how they go. */
export class DatasetTransfers {
  readonly #datasetDirectory: string;
  readonly #importFiles: ImportFiles;
  readonly #publish: Publish;
  readonly #onChanged: () => void;
  readonly #fetching = new Map<string, AbortController>();

  /** @param onChanged called whenever a dataset was stored */
  constructor(datasetDirectory: string, importFiles: ImportFiles, publish: Publish, onChanged: () => void) {
    this.#datasetDirectory = datasetDirectory;
    this.#importFiles = importFiles;
    this.#publish = publish;
    this.#onChanged = onChanged;
  }

  /** Whether the dataset's files are being fetched. */
  isFetching({ storedAs }: OfficialDataset): boolean {
    return this.#fetching.has(storedAs);
  }

  /**
   * Starts fetching; how it goes is told by events.
   * @throws StudioError `conflict` where it is under way or here already, `unsupported` without an address
   */
  startFetch(official: OfficialDataset): void {
    if (this.isFetching(official)) {
      throw new StudioError(
        'conflict',
        `datasets: ${official.name} is being fetched already; wait, or cancel it`,
        {
          dataset: official.id,
        },
      );
    }
    checkFetchable(official, this.#datasetDirectory);
    const controller = new AbortController();
    this.#fetching.set(official.storedAs, controller);
    const report = new TransferReport(this.#publish, official.id, official.name);
    // How it ends is told by the last event.
    void this.#fetch(official, controller.signal, report);
  }

  /** Gives up a fetch that goes on; nothing happens where there is none. */
  cancelFetch(official: OfficialDataset): void {
    this.#fetching.get(official.storedAs)?.abort();
  }

  /** Gives up all fetches, because the studio ends. */
  cancelAll(): void {
    for (const controller of this.#fetching.values()) controller.abort();
  }

  /**
   * Stores files as a dataset, told by events too.
   * @returns the id it was stored under
   * @throws StudioError as `importDataset`
   */
  async import(request: ImportRequest): Promise<string> {
    const name = request.name ?? basename(request.paths[0] ?? '');
    const report = new TransferReport(this.#publish, name, name);
    try {
      const onPhase = (phase: 'read' | 'store'): void => report.phase(phase);
      const { id } = await this.#importFiles(request, { onPhase });
      this.#onChanged();
      report.phase('done');
      return id;
    } catch (error) {
      report.phase('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async #fetch(official: OfficialDataset, signal: AbortSignal, report: TransferReport): Promise<void> {
    try {
      await fetchDataset(official, this.#datasetDirectory, {
        signal,
        onBytes: (done, total) => report.bytes(done, total),
        onPhase: (phase) => report.phase(phase),
        importFiles: this.#importFiles,
      });
      this.#fetching.delete(official.storedAs);
      this.#onChanged();
      report.phase('done');
    } catch (error) {
      this.#fetching.delete(official.storedAs);
      const isCancelled = error instanceof StudioError && error.code === 'cancelled';
      if (isCancelled) report.phase('cancelled');
      else report.phase('failed', error instanceof Error ? error.message : String(error));
    }
  }
}
