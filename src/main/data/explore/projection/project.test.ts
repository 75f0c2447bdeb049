import { describe, expect, it } from 'vitest';
import { projection } from '../../../../shared/schema/explore.ts';
import { openStream } from '../../../../shared/random/stream.ts';
import { explored, unwatched } from '../explore-test-kit.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { projectExamples } from './project.ts';

/** Rows of `width` numbers about one of three far-apart middles, by label. */
function groups(count: number, width: number, seed: number) {
  const stream = openStream(seed, 'explore', 'groups');
  const labels = Int32Array.from({ length: count }, (_, row) => row % 3);
  const values = new Float32Array(count * width);
  values.forEach((_, place) => {
    const label = labels[Math.floor(place / width)]!;
    values[place] = 20 * Number(place % 3 === label) + stream.nextNormal();
  });
  return { values, targets: [labels] };
}

const data = explored(
  { featureShape: [12], train: groups(90, 12, 1), test: groups(30, 12, 2) },
  { devExamples: 30 },
);

async function follow(method: 'pca' | 'umap', examples: number, seed = 1) {
  const told: string[] = [];
  const result = await projectExamples(data, { method, examples, seed }, (done, total, unit) =>
    told.push(`${unit} ${done <= total}`),
  );
  return { result, told };
}

describe('projectExamples', () => {
  it('draws from train, dev and test in proportion, each example once', async () => {
    const { result } = await follow('pca', 60);
    expect(projection.parse(result)).toEqual(result);
    const { part, rows } = result;
    const drawn = [...rows.keys()].map((place) => `${part[place]}/${rows[place]}`);
    expect(new Set(drawn).size).toBe(60);
    const { train, dev, test } = data.split;
    const count = (ofPart: number, list: Int32Array): number =>
      [...rows].filter((row, place) => part[place] === ofPart && list.includes(row)).length;
    expect([count(0, train), count(0, dev), count(1, test)]).toEqual([30, 15, 15]);
  });

  it('takes all where fewer are asked for than there are, and other ones by another seed', async () => {
    expect((await follow('pca', 20_000)).result.rows).toHaveLength(120);
    const [first, again, other] = [
      await follow('pca', 30),
      await follow('pca', 30),
      await follow('pca', 30, 2),
    ];
    expect(again.result).toEqual(first.result);
    expect(other.result.rows).not.toEqual(first.result.rows);
  });

  it('says the test rows of a dataset of one part are of that part', async () => {
    const onePart = explored({ featureShape: [12], train: groups(60, 12, 1), test: null });
    const { part, rows } = await projectExamples(
      onePart,
      { method: 'pca', examples: 60, seed: 1 },
      unwatched,
    );
    expect(part.every((value) => value === 0)).toBe(true);
    expect([...rows].sort((a, b) => a - b)).toEqual([...Array(60).keys()]);
  });

  it('puts rows of one number on a line', async () => {
    const line = explored({
      featureShape: [1],
      train: { values: Float32Array.from([1, 2, 3, 10]), targets: [new Int32Array(4)] },
      test: { values: Float32Array.from([4]), targets: [new Int32Array(1)] },
    });
    const { x, y, explained } = await projectExamples(
      line,
      { method: 'pca', examples: 10, seed: 1 },
      unwatched,
    );
    expect([...y]).toEqual([0, 0, 0, 0, 0]);
    expect([...x].sort((a, b) => a - b)).toEqual([...x.toSorted()]);
    expect(explained![0]).toBeCloseTo(1, 12);
    expect(explained![1]).toBe(0);
  });
});

describe('UMAP', () => {
  it('gives the same picture for the same seed, and keeps groups together', async () => {
    const [{ result, told }, again] = [await follow('umap', 120), await follow('umap', 120)];
    expect(again.result).toEqual(result);
    expect(told.every((line) => line.endsWith('true'))).toBe(true);
    const labelAt = (place: number): number => result.rows[place]! % 3;
    const distance = (a: number, b: number): number =>
      Math.hypot(result.x[a]! - result.x[b]!, result.y[a]! - result.y[b]!);
    const places = [...result.rows.keys()];
    for (const place of places) {
      const others = places.filter((other) => other !== place);
      const nearest = others.reduce((best, other) =>
        distance(place, other) < distance(place, best) ? other : best,
      );
      expect(labelAt(nearest)).toBe(labelAt(place));
    }
  });

  it('parts equal examples, and needs four', async () => {
    const made = (count: number) => ({
      featureShape: [2],
      train: { values: new Float32Array(2 * count).fill(1), targets: [new Int32Array(count)] },
      test: { values: Float32Array.from([1, 1]), targets: [new Int32Array(1)] },
    });
    const request = { method: 'umap', examples: 100, seed: 1 } as const;
    const { x, y } = await projectExamples(explored(made(11)), request, unwatched);
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
    await expect(projectExamples(explored(made(2)), request, unwatched)).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

describe('nearestNeighbours', () => {
  it('finds what sorting all distances finds', async () => {
    const stream = openStream(5, 'explore', 'points');
    const [count, width, kept] = [70, 19, 6];
    const points = Float64Array.from({ length: count * width }, () => stream.nextNormal());
    const { indices, distances } = await nearestNeighbours(points, width, kept, unwatched);
    const distance = (a: number, b: number): number =>
      Math.hypot(
        ...Array.from({ length: width }, (_, axis) => points[a * width + axis]! - points[b * width + axis]!),
      );
    for (let point = 0; point < count; point++) {
      const sorted = [...Array(count).keys()].sort((a, b) => distance(point, a) - distance(point, b));
      expect([...indices.slice(point * kept, (point + 1) * kept)]).toEqual(sorted.slice(0, kept));
      sorted.slice(0, kept).forEach((other, place) => {
        expect(distances[point * kept + place]).toBeCloseTo(distance(point, other), 12);
      });
    }
  });
});
