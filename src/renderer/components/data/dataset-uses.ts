import type { GalleryEntry, StudioClient } from '../../../shared/ipc/contract.ts';

/** The experiments of the gallery that are on a dataset. */
export function experimentsOn(
  entries: readonly GalleryEntry[] | null,
  dataset: string,
): readonly GalleryEntry[] {
  return (entries ?? []).filter((entry) => entry.experiment.data.dataset === dataset);
}

/** How many stored runs were trained on a dataset. */
export async function countRunsOn(client: StudioClient, dataset: string): Promise<number> {
  // The text narrows it to runs that name it anywhere; which of them mean the dataset is told here.
  const { runs } = await client.invoke('runs.list', { text: dataset, limit: 10_000 });
  return runs.filter((run) => run.dataset === dataset).length;
}
