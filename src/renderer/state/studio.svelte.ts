import { createContext } from 'svelte';
import type { Connection } from '../api/connect.ts';
import type { GalleryEntry, StudioClient } from '../../shared/ipc/contract.ts';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { RunSummary } from '../../shared/schema/run.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { ComparisonAnswers } from './compare-answers.ts';
import { Datasets } from './datasets.svelte.ts';
import { EngineMonitor } from './engine.svelte.ts';
import { Gallery } from './gallery.svelte.ts';
import type { Link } from './link.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Queue } from './queue.svelte.ts';
import { Router } from './router.svelte.ts';
import { hasManyRuns, type RunPlan } from './run-plan.ts';
import { RunsList } from './runs-list.svelte.ts';
import { lastSeed, rememberSeed } from './seed.ts';
import { Settings } from './settings.svelte.ts';
import { StudiesList } from './studies-list.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

/** A dialog over the screen. */
export type Overlay = 'palette' | 'shortcuts' | 'queue' | null;

/** Everything the views share, made once for the window. */
export class Studio {
  readonly client: StudioClient;
  readonly link: Link;
  readonly retryNow: () => void;
  readonly router = new Router();
  readonly toasts = new Toasts();
  readonly settings: Settings;
  readonly engine: EngineMonitor;
  readonly queue: Queue;
  readonly notices: Notices;
  readonly gallery: Gallery;
  readonly datasets: Datasets;
  /** Kept from visit to visit, so that the history is there at once and Back finds it as it was left. */
  readonly runs: RunsList;
  readonly studies: StudiesList;
  /** Of the runs compared last, or selected to be. */
  readonly compared: ComparisonAnswers;
  overlay = $state.raw<Overlay>(null);
  /** The experiment whose runs are being chosen. */
  planning = $state.raw<Pick<GalleryEntry, 'id' | 'experiment'> | null>(null);

  constructor(connection: Connection, link: Link) {
    this.client = connection.client;
    this.retryNow = connection.retryNow;
    this.link = link;
    this.settings = new Settings(this.client, this.toasts);
    this.engine = new EngineMonitor(this.client);
    this.queue = new Queue(this.client);
    this.notices = new Notices(this.client);
    this.gallery = new Gallery(this.client);
    this.datasets = new Datasets(this.client);
    this.runs = new RunsList(this.client, localStorage);
    this.studies = new StudiesList(this.client);
    this.compared = new ComparisonAnswers(this.client);
  }

  /** Follows the address, the system and the studio; returns the function that stops. */
  start(): () => void {
    const { router, settings, engine, queue, notices, gallery, datasets, compared } = this;
    const parts = [router, settings, engine, queue, notices, gallery, datasets, compared];
    const stops = parts.map((part) => part.start());
    return () => stops.forEach((stop) => stop());
  }

  /** Reads what every screen shows; again after each break of the link. */
  async load(): Promise<void> {
    // What happened while the link was broken, nobody told.
    if (this.link.generation > 1) this.compared.forget();
    const parts = [this.settings, this.engine, this.queue, this.notices];
    const results = await Promise.allSettled(parts.map((part) => part.load()));
    for (const result of results) if (result.status === 'rejected') this.toasts.fail(result.reason);
  }

  /** What is known of a dataset: from the list, or from the gallery's experiments on it where it is not here. */
  datasetInfo(id: string): DatasetInfo | null {
    const listed = this.datasets.rows.find((row) => row.id === id)?.info;
    const entry = this.gallery.entries?.find((candidate) => candidate.experiment.data.dataset === id);
    return listed ?? entry?.dataset ?? null;
  }

  /** What is already known of a run, to show at once. */
  knownRun(runId: string): RunSummary | null {
    const listed = this.runs.rows.find((run) => run?.id === runId);
    return listed ?? this.queue.items.find(({ run }) => run.id === runId)?.run ?? null;
  }

  /**
   * Starts a run and goes to it.
   * @param experimentId of the gallery, where it is that experiment unchanged
   */
  async startRun(experiment: Experiment, seed: number, experimentId: string | null = null): Promise<void> {
    await this.toasts.guard(async () => {
      rememberSeed(seed);
      const engine = this.settings.value?.engine.choice ?? 'auto';
      const { runId } = await this.client.invoke('runs.start', { experiment, seed, engine, experimentId });
      this.router.go({ name: 'run', runId });
    });
  }

  /**
   * Starts the search of an experiment that has one, and goes to its study.
   * @param experimentId of the gallery, where it is that experiment unchanged
   */
  async startStudy(experiment: Experiment, seed: number, experimentId: string | null = null): Promise<void> {
    await this.toasts.guard(async () => {
      rememberSeed(seed);
      const engine = this.settings.value?.engine.choice ?? 'auto';
      const { studyId } = await this.client.invoke('studies.start', {
        experiment,
        experimentId,
        seed,
        engine,
      });
      this.router.go({ name: 'study', studyId });
    });
  }

  /** Starts a gallery experiment with the seed used last; of one with many runs, asks which are meant. */
  async startEntry(entry: GalleryEntry): Promise<void> {
    if (hasManyRuns(entry.experiment)) {
      this.planning = entry;
      return;
    }
    return this.startRun(entry.experiment, lastSeed(), entry.id);
  }

  /** Queues the runs of a plan and goes to the first of them. Returns whether it could. */
  startPlan(id: string, plan: RunPlan, again: boolean): Promise<boolean> {
    return this.toasts.guard(async () => {
      rememberSeed(plan.seed);
      const engine = this.settings.value?.engine.choice ?? 'auto';
      const { seed, repeats } = plan;
      const variants = plan.variants.filter((variant) => variant !== null);
      const { runIds } = await this.client.invoke('experiments.start', {
        id,
        seed,
        repeats,
        variants: variants.length === 0 ? null : variants,
        engine,
        again,
      });
      this.toasts.show(runIds.length === 1 ? '1 run queued' : `${runIds.length} runs queued`);
      const [first] = runIds;
      if (first !== undefined) this.router.go({ name: 'run', runId: first });
    });
  }

  async createBackup(): Promise<void> {
    await this.toasts.guard(async () => {
      const { path } = await this.client.invoke('studio.createBackup', {});
      this.toasts.show(`History backed up to ${path}`);
    });
  }
}

/** The studio of the component tree: read by views, set by the root. */
export const [useStudio, provideStudio] = createContext<Studio>();
