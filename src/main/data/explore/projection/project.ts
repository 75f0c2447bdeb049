import type { Projection, ProjectionMethod } from '../../../../shared/schema/explore.ts';
import { hasImages, type ExploredDataset } from '../explored-dataset.ts';
import type { OnProgress } from '../progress.ts';
import { drawRows } from './drawn-rows.ts';
import { projectByPca } from './pca.ts';
import { scaleRows } from './scaled-rows.ts';
import { projectByUmap } from './umap.ts';

/** What to draw and how. */
export interface ProjectionRequest {
  readonly method: ProjectionMethod;
  /** At most so many, drawn by the seed from train, dev and test in proportion. */
  readonly examples: number;
  readonly seed: number;
}

/**
 * Examples in two dimensions. Pixels are taken as they are; features of rows of numbers have units of their own and are
 * brought to standard deviation 1 first.
 * @throws StudioError `invalid-input` for UMAP of fewer than 4 examples
 */
export async function projectExamples(
  explored: ExploredDataset,
  { method, examples, seed }: ProjectionRequest,
  onProgress: OnProgress,
): Promise<Projection> {
  const { part, rows, values, width } = drawRows(explored, examples, seed);
  const scaled = scaleRows(values, rows.length, width, !hasImages(explored.dataset));
  const { x, y, explained } =
    method === 'pca' ? await projectByPca(scaled, onProgress) : await projectByUmap(scaled, seed, onProgress);
  return { method, part, rows, x, y, explained };
}
