import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { EventPayload } from '../../shared/ipc/derive.ts';
import type { contract } from '../../shared/ipc/contract.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import type { LogLine, RunDetail, RunEpoch, RunProgress, RunSummary } from '../../shared/schema/run.ts';
import { Gathering } from './gathering.ts';

type EpochEvent = EventPayload<typeof contract, 'run.epoch'>;

const LONGEST_LOG = 5_000;

/** Columns that grow in place; a view draws them again when `LiveRun.revision` moves. */
interface GrowingSeries {
  readonly split: SplitName;
  readonly metric: string;
  readonly epochs: number[];
  readonly steps: number[];
  readonly values: (number | null)[];
}

/**
 * One run as it is and as it goes on. Events are gathered and shown at most four times a second; what had
 * arrived while the run was being read is merged by epoch, so that none is missed or shown twice.
 */
export class LiveRun {
  summary = $state.raw<RunSummary | null>(null);
  detail = $state.raw<RunDetail | null>(null);
  progress = $state.raw<RunProgress | null>(null);
  log = $state.raw<readonly LogLine[]>([]);
  epochs = $state.raw<readonly RunEpoch[]>([]);
  /** Moves when the series grew. */
  revision = $state(0);
  error = $state.raw<Error | null>(null);

  readonly runId: string;
  readonly #client: StudioClient;
  readonly #series = new Map<string, GrowingSeries>();
  #newEpochs: EpochEvent[] = [];
  #newLines: LogLine[] = [];
  #newProgress: RunProgress | null = null;
  #newSummary: RunSummary | null = null;
  readonly #gathering = new Gathering(() => this.#flush());
  /** Counts starts and stops: what was asked before the last of them is not for now. */
  #turn = 0;

  /** @param known what a list already says of the run, shown until it has been read */
  constructor(client: StudioClient, runId: string, known: RunSummary | null = null) {
    this.#client = client;
    this.runId = runId;
    this.summary = known;
  }

  /**
   * Listens, then reads, so that nothing falls between; returns the function that stops. May be started again,
   * as after each break of the link.
   */
  start(): () => void {
    this.#turn++;
    const stops = [
      this.#client.subscribe('run.changed', (run) => {
        if (run.id === this.runId) this.#take(() => (this.#newSummary = run));
      }),
      this.#client.subscribe('run.progress', (progress) => {
        if (progress.runId === this.runId) this.#take(() => (this.#newProgress = progress));
      }),
      this.#client.subscribe('run.epoch', (event) => {
        if (event.runId === this.runId) this.#take(() => this.#newEpochs.push(event));
      }),
      this.#client.subscribe('run.log', (event) => {
        if (event.runId === this.runId) this.#take(() => this.#newLines.push(event.line));
      }),
      this.#client.subscribe('runs.invalidated', () => void this.load()),
    ];
    void this.load();
    return () => {
      this.#turn++;
      this.#gathering.stop();
      stops.forEach((stop) => stop());
    };
  }

  /** The series of a metric, train first. Valid until the next revision. */
  seriesOf(metric: string): readonly MetricSeries[] {
    return (['train', 'dev', 'test'] as const)
      .map((split) => this.#series.get(`${split}/${metric}`))
      .filter((series): series is GrowingSeries => series !== undefined);
  }

  /** The curves drawn so far or to come: those the experiment asks for, loss first, then what else was measured. */
  get metrics(): readonly string[] {
    void this.revision;
    const measured = [...this.#series.values()].map((series) => series.metric);
    return [...new Set([...expectedMetrics(this.detail), ...measured])];
  }

  /** Reads the whole run. */
  async load(): Promise<void> {
    const turn = this.#turn;
    try {
      const detail = await this.#client.invoke('runs.get', { runId: this.runId });
      if (this.#turn !== turn) return;
      this.#reset(detail);
      this.error = null;
    } catch (error) {
      if (this.#turn !== turn) return;
      this.error = error instanceof Error ? error : new Error(String(error));
    }
  }

  #reset(detail: RunDetail): void {
    this.detail = detail;
    this.summary = detail.summary;
    this.log = detail.log;
    this.epochs = onlyLastBest(detail.epochs);
    this.#series.clear();
    for (const series of detail.series) {
      this.#series.set(`${series.split}/${series.metric}`, { ...series });
    }
    this.#newLines = [];
    if (!isLive(detail.summary)) this.progress = null;
    this.revision++;
  }

  #take(keep: () => void): void {
    keep();
    this.#gathering.ask();
  }

  #flush(): void {
    // Nothing to add to until the run has been read; what came is shown with it.
    if (this.detail === null) return this.#gathering.ask();
    this.#showEpochs();
    if (this.#newLines.length > 0) this.log = [...this.log, ...this.#newLines].slice(-LONGEST_LOG);
    this.#newLines = [];
    if (this.#newProgress !== null) this.progress = this.#newProgress;
    this.#newProgress = null;
    this.#showSummary();
  }

  #showEpochs(): void {
    if (this.#newEpochs.length === 0) return;
    const last = this.epochs.at(-1)?.epoch ?? -1;
    const fresh = this.#newEpochs.filter((event) => event.epoch.epoch > last);
    this.#newEpochs = [];
    for (const event of fresh) this.#addPoints(event);
    const improved = fresh.some((event) => event.epoch.best);
    const kept = improved ? this.epochs.map((epoch) => ({ ...epoch, best: false })) : this.epochs;
    this.epochs = [...kept, ...onlyLastBest(fresh.map((event) => event.epoch))];
    this.revision++;
  }

  #addPoints({ epoch, points }: EpochEvent): void {
    for (const point of points) {
      const series = this.#seriesFor(point.split, point.metric);
      series.epochs.push(epoch.epoch);
      series.steps.push(epoch.step);
      series.values.push(point.value);
    }
  }

  #seriesFor(split: SplitName, metric: string): GrowingSeries {
    const key = `${split}/${metric}`;
    const series = this.#series.get(key) ?? { split, metric, epochs: [], steps: [], values: [] };
    this.#series.set(key, series);
    return series;
  }

  #showSummary(): void {
    const summary = this.#newSummary;
    this.#newSummary = null;
    if (summary === null) return;
    const changedState = summary.state !== this.summary?.state;
    const started = summary.engineKind !== null && this.detail?.provenance === null;
    this.summary = summary;
    if (!isLive(summary)) this.progress = null;
    // Provenance and the test split's points come in no event of their own; they are in the whole run.
    if (changedState || started) void this.load();
  }
}

/** What will be measured, before it has been. A lab names its own curves. */
function expectedMetrics(detail: RunDetail | null): readonly string[] {
  if (detail?.experiment.lab !== null) return [];
  const { svm, evaluation } = detail.experiment;
  return svm === null ? ['loss', ...evaluation.metrics] : ['accuracy'];
}

/** Each epoch knows whether it was the best when it ended; only the last of these still is. */
function onlyLastBest(epochs: readonly RunEpoch[]): RunEpoch[] {
  const best = epochs.findLastIndex((epoch) => epoch.best);
  return epochs.map((epoch, index) => (epoch.best && index !== best ? { ...epoch, best: false } : epoch));
}

/** A run that still trains, waits or is paused. */
export function isLive(summary: Pick<RunSummary, 'state'>): boolean {
  return summary.state === 'running' || summary.state === 'queued' || summary.state === 'paused';
}
