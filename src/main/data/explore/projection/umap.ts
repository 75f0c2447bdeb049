import { UMAP } from 'umap-js';
import { StudioError } from '../../../../shared/ipc/errors.ts';
import { openStream, type RandomStream } from '../../../../shared/random/stream.ts';
import { Pacer, type OnProgress } from '../progress.ts';
import { nearestNeighbours, type Neighbours } from './nearest-neighbours.ts';
import type { Plane } from './pca.ts';
import { principalAxes } from './principal-axes.ts';
import { coordinatesAlong, type ScaledRows } from './scaled-rows.ts';

/** What is left of a row before neighbours are looked for; more changes the picture little. */
const MOST_AXES = 50;
/** Of the largest variance; the axes only have to span what varies. */
const AXES_TOLERANCE = 1e-2;
/** The paper's, the example itself among them. */
const NEIGHBOURS = 15;
/** The first positions lie within so far of the middle, as the library's random ones do. */
const START_RADIUS = 10;
/** So that equal examples do not begin at one place, where no force can part them. */
const START_NOISE = 1e-3;

function checkEnough(count: number): void {
  if (count >= 4) return;
  throw new StudioError(
    'invalid-input',
    `explore: UMAP was asked for ${count} examples and needs 4 or more; look at the principal components instead`,
  );
}

function asLists(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (__, place) => values[row * width + place]!),
  );
}

/** First positions from the two leading coordinates, which gives the picture a global order (Kobak and Linderman 2021). */
function placeAtStart(
  embedding: number[][],
  coordinates: Float64Array,
  width: number,
  stream: RandomStream,
): void {
  let farthest = 0;
  for (let row = 0; row < embedding.length; row++) {
    farthest = Math.max(farthest, Math.abs(coordinates[row * width]!));
  }
  const scale = farthest > 0 ? START_RADIUS / farthest : 0;
  embedding.forEach((position, row) => {
    for (let axis = 0; axis < 2; axis++) {
      const coordinate = axis < width ? coordinates[row * width + axis]! : 0;
      position[axis] = coordinate * scale + START_NOISE * stream.nextNormal();
    }
  });
}

async function optimise(umap: UMAP, epochs: number, onProgress: OnProgress): Promise<void> {
  const pacer = new Pacer(onProgress);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (pacer.isDue) await pacer.turn(epoch + 1, epochs, 'epochs');
  }
}

function openUmap(
  count: number,
  { indices, distances }: Neighbours,
  neighbours: number,
  random: () => number,
) {
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbours, random });
  umap.setPrecomputedKNN(asLists(indices, neighbours), asLists(distances, neighbours));
  // With neighbours given the library asks the rows for their number only.
  const epochs = umap.initializeFit(Array.from({ length: count }, () => []));
  return { umap, epochs };
}

/**
 * UMAP (McInnes, Healy and Melville 2018): neighbours stay neighbours, distances between groups mean little. Neighbours
 * are exact, in the 50 leading principal components; the layout is umap-js's, started from the two leading ones. Same rows
 * and seed, same picture. Progress counts examples, then epochs.
 * @throws StudioError `invalid-input` for fewer than 4 rows
 */
export async function projectByUmap(rows: ScaledRows, seed: number, onProgress: OnProgress): Promise<Plane> {
  checkEnough(rows.count);
  const { axes } = await principalAxes(rows, {
    count: MOST_AXES,
    tolerance: AXES_TOLERANCE,
    stream: openStream(0, 'explore', 'axes'),
    onProgress,
  });
  const coordinates = coordinatesAlong(rows, axes);
  const neighbours = Math.min(NEIGHBOURS, rows.count - 1);
  const nearest = await nearestNeighbours(coordinates, axes.length, neighbours, onProgress);
  const stream = openStream(seed, 'explore', 'umap');
  const { umap, epochs } = openUmap(rows.count, nearest, neighbours, () => stream.nextUniform());
  const embedding = umap.getEmbedding();
  placeAtStart(embedding, coordinates, axes.length, stream);
  await optimise(umap, epochs, onProgress);
  return {
    x: Float32Array.from(embedding, ([x = 0]) => x),
    y: Float32Array.from(embedding, ([, y = 0]) => y),
    explained: null,
  };
}
