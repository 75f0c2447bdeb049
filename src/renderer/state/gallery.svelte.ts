import type { GalleryEntry, StudioClient } from '../../shared/ipc/contract.ts';

/** The experiments on offer, ours and the user's own. */
export class Gallery {
  entries = $state.raw<readonly GalleryEntry[] | null>(null);
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** The groups in the order of their first card; the user's own come last. */
  get groups(): { name: string; entries: GalleryEntry[] }[] {
    const groups = new Map<string, GalleryEntry[]>();
    for (const entry of this.entries ?? []) {
      const name = entry.id.startsWith('mine/') ? 'Mine' : entry.experiment.group;
      groups.set(name, [...(groups.get(name) ?? []), entry]);
    }
    const ordered = [...groups].map(([name, entries]) => ({ name, entries }));
    return ordered.sort((a, b) => Number(a.name === 'Mine') - Number(b.name === 'Mine'));
  }

  /** Finished runs change what the cards say, so they are read again. */
  start(): () => void {
    return this.#client.subscribe('run.changed', (run) => {
      if (this.entries !== null && run.finishedAt !== null) void this.load().catch(() => undefined);
    });
  }

  async load(): Promise<void> {
    this.entries = await this.#client.invoke('gallery.list', {});
  }
}
