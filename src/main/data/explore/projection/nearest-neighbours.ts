import { Pacer, type OnProgress } from '../progress.ts';

/** The nearest points of each point, itself first, then ascending by distance. Both [points, count] flat. */
export interface Neighbours {
  readonly indices: Int32Array;
  /** Euclidean. */
  readonly distances: Float64Array;
}

/** Dimensions between two looks whether a point is too far already. */
const STRIDE = 8;

/** Squared distance of two points, or Infinity once it is over `limit`. */
function squaredWithin(points: Float64Array, a: number, b: number, width: number, limit: number): number {
  let sum = 0;
  for (let first = 0; first < width; first += STRIDE) {
    const end = Math.min(first + STRIDE, width);
    for (let axis = first; axis < end; axis++) {
      const difference = points[a * width + axis]! - points[b * width + axis]!;
      sum += difference * difference;
    }
    if (sum > limit) return Infinity;
  }
  return sum;
}

/** The nearest seen so far of one point, ascending; equal distances keep the order in which they came. */
class NearestList {
  readonly indices: Int32Array;
  readonly squares: Float64Array;

  constructor(count: number) {
    this.indices = new Int32Array(count);
    this.squares = new Float64Array(count);
  }

  clear(): void {
    this.squares.fill(Infinity);
  }

  get farthest(): number {
    return this.squares[this.squares.length - 1]!;
  }

  insert(index: number, square: number): void {
    let place = this.squares.length - 1;
    while (place > 0 && this.squares[place - 1]! > square) {
      this.squares[place] = this.squares[place - 1]!;
      this.indices[place] = this.indices[place - 1]!;
      place--;
    }
    this.squares[place] = square;
    this.indices[place] = index;
  }
}

function search(points: Float64Array, width: number, point: number, nearest: NearestList): void {
  const pointCount = points.length / width;
  nearest.clear();
  for (let other = 0; other < pointCount; other++) {
    if (other === point) continue;
    const square = squaredWithin(points, point, other, width, nearest.farthest);
    if (square < nearest.farthest) nearest.insert(other, square);
  }
}

/**
 * The exact nearest neighbours of every point by comparing all pairs; cheapest where the first dimensions vary most.
 * @param points [points, width] flat, more than `count` of them
 * @param count of neighbours, the point itself among them
 */
export async function nearestNeighbours(
  points: Float64Array,
  width: number,
  count: number,
  onProgress: OnProgress,
): Promise<Neighbours> {
  const pointCount = points.length / width;
  const indices = new Int32Array(pointCount * count);
  const distances = new Float64Array(pointCount * count);
  const nearest = new NearestList(count - 1);
  const pacer = new Pacer(onProgress);
  for (let point = 0; point < pointCount; point++) {
    search(points, width, point, nearest);
    indices[point * count] = point;
    indices.set(nearest.indices, point * count + 1);
    distances.set(nearest.squares.map(Math.sqrt), point * count + 1);
    if (pacer.isDue) await pacer.turn(point + 1, pointCount, 'examples');
  }
  return { indices, distances };
}
