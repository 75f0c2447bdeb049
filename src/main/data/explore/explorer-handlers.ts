import type { Handlers } from '../../../shared/ipc/derive.ts';
import type { ExploredData } from '../../../shared/schema/explore.ts';
import type { DatasetChoice } from '../catalogue.ts';
import { loadDataset } from '../load.ts';
import type { LoadedDataset } from '../loaded-dataset.ts';
import { findDuplicates } from './duplicates/find-duplicates.ts';
import { exploreDataset, type ExploredDataset } from './explored-dataset.ts';
import type { ExplorerContract } from './explorer-contract.ts';
import type { OnProgress } from './progress.ts';
import { projectExamples } from './projection/project.ts';
import { computeStatistics } from './statistics/compute-statistics.ts';

/** The dataset loaded last, kept for the next question about it. */
class LastDataset {
  #key = '';
  #dataset: Promise<LoadedDataset> | null = null;

  get({ dataset, generator, table }: DatasetChoice, datasetDirectory: string): Promise<LoadedDataset> {
    const key = JSON.stringify([datasetDirectory, dataset, generator, table]);
    if (this.#dataset !== null && key === this.#key) return this.#dataset;
    this.#key = key;
    this.#dataset = loadDataset({ dataset, generator, table }, datasetDirectory);
    // One that could not be loaded is tried again.
    this.#dataset.catch(() => (this.#key = ''));
    return this.#dataset;
  }
}

/**
 * Answers the explorer's contract. It keeps the last dataset in memory; whoever stores another under the same name ends
 * the process.
 */
export function explorerHandlers(onProgress: OnProgress): Handlers<ExplorerContract> {
  const last = new LastDataset();
  const explore = async (
    params: ExploredData & { readonly datasetDirectory: string },
  ): Promise<ExploredDataset> => exploreDataset(await last.get(params.data, params.datasetDirectory), params);
  return {
    statistics: async (params) => computeStatistics(await explore(params)),
    projection: async (params) => projectExamples(await explore(params), params, onProgress),
    duplicates: async (params) => findDuplicates(await explore(params), params.threshold, onProgress),
  };
}
