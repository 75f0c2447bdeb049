import type { GalleryEntry, StudioClient } from '../../shared/ipc/contract.ts';
import type { VariantResults } from '../../shared/schema/results.ts';
import type { RunSummary } from '../../shared/schema/run.ts';
import { hasManyRuns } from './run-plan.ts';

const RELOAD_MS = 300;
const FIRST = 'First steps';
const LAST = 'Mine';

/** Cards under a heading. */
export interface GalleryGroup {
  readonly name: string;
  readonly entries: readonly GalleryEntry[];
}

function rank(group: string): number {
  return group === FIRST ? 0 : group === LAST ? 2 : 1;
}

/** First steps, then the reports' groups by letter, the user's own last. */
export function groupEntries(entries: readonly GalleryEntry[]): GalleryGroup[] {
  const groups = new Map<string, GalleryEntry[]>();
  for (const entry of entries) {
    const name = entry.id.startsWith('mine/') ? LAST : entry.experiment.group;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups]
    .map(([name, own]) => ({ name, entries: own }))
    .sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name, 'en'));
}

/** The entries that a text names: by name, group, dataset, or the ids they have in the reports. */
export function filterEntries(entries: readonly GalleryEntry[], text: string): readonly GalleryEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter(({ id, experiment, dataset }) => {
    const { name, group, description, reference } = experiment;
    const all = [id, name, group, description, dataset.name, ...(reference?.ids ?? [])]
      .join(' ')
      .toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** The experiments on offer, ours and the user's own, and how far those of many runs have come. */
export class Gallery {
  entries = $state.raw<readonly GalleryEntry[] | null>(null);
  /** Of experiments with more than one run, once read. */
  results = $state.raw<ReadonlyMap<string, readonly VariantResults[]>>(new Map());
  readonly #client: StudioClient;
  readonly #ended = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Finished runs change what the cards say, and so do datasets that come and go: they are read again. */
  start(): () => void {
    const stops = [
      this.#client.subscribe('run.changed', (run) => this.#follow(run)),
      this.#client.subscribe('datasets.changed', () => this.#reloadSoon()),
    ];
    return () => {
      clearTimeout(this.#timer);
      stops.forEach((stop) => stop());
    };
  }

  async load(): Promise<void> {
    this.entries = await this.#client.invoke('gallery.list', {});
  }

  /** Reads how far the experiments of many runs have come, one after the other; those known already are left out. */
  async loadResults(): Promise<void> {
    const wanted = (this.entries ?? []).filter(
      (entry) => entry.lastRun !== null && hasManyRuns(entry.experiment) && !this.results.has(entry.id),
    );
    for (const { id } of wanted) await this.#readResults(id);
  }

  #follow(run: RunSummary): void {
    if (run.finishedAt === null) return;
    if (run.experimentId !== null) this.#ended.add(run.experimentId);
    this.#reloadSoon();
  }

  #reloadSoon(): void {
    if (this.entries === null) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#reload().catch(() => undefined);
    }, RELOAD_MS);
  }

  async #reload(): Promise<void> {
    await this.load();
    const changed = [...this.#ended].filter((id) => this.results.has(id));
    this.#ended.clear();
    for (const id of changed) await this.#readResults(id);
  }

  async #readResults(id: string): Promise<void> {
    const results = await this.#client.invoke('experiments.results', { id });
    this.results = new Map(this.results).set(id, results);
  }
}
