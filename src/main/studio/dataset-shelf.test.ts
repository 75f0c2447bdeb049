import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dataSpec, type DataSpec } from '../../shared/schema/dataset.ts';
import { DatasetShelf } from './dataset-shelf.ts';
import { temporaryHome } from './studio-test-kit.ts';

let home: ReturnType<typeof temporaryHome>;
let shelf: DatasetShelf;

beforeEach(() => {
  vi.useFakeTimers();
  home = temporaryHome();
  shelf = new DatasetShelf(join(home.path, 'datasets'));
});
afterEach(() => {
  vi.useRealTimers();
  home.remove();
});

const of = (dataset: string): DataSpec => dataSpec.parse({ dataset });

it('gives everybody who asks the same copy, whatever the split', async () => {
  const [first, second] = await Promise.all([shelf.get(of('spirals')), shelf.get(of('spirals'))]);
  expect(second).toBe(first);
  const otherSplit = dataSpec.parse({ dataset: 'spirals', split: { devFraction: 0.4 } });
  expect(await shelf.get(otherSplit)).toBe(first);
});

it('keeps the dataset asked for last and the one before', async () => {
  const spirals = await shelf.get(of('spirals'));
  const circles = await shelf.get(of('circles'));
  expect(await shelf.get(of('spirals'))).toBe(spirals);
  await shelf.get(of('noisy-1d'));
  expect(await shelf.get(of('spirals'))).toBe(spirals);
  expect(await shelf.get(of('circles'))).not.toBe(circles);
});

it('lets all go a minute after the last question, and at once when it is cleared, which it tells', async () => {
  const cleared = vi.fn();
  shelf.onClear(cleared);
  const first = await shelf.get(of('circles'));
  vi.advanceTimersByTime(59_000);
  expect(await shelf.get(of('circles'))).toBe(first);
  vi.advanceTimersByTime(61_000);
  const second = await shelf.get(of('circles'));
  expect(second).not.toBe(first);
  expect(cleared).not.toHaveBeenCalled();
  shelf.clear();
  expect(cleared).toHaveBeenCalledOnce();
  expect(await shelf.get(of('circles'))).not.toBe(second);
});

it('tries a dataset again that could not be loaded', async () => {
  await expect(shelf.get(of('nothing-here'))).rejects.toMatchObject({ code: 'not-found' });
  await expect(shelf.get(of('nothing-here'))).rejects.toMatchObject({ code: 'not-found' });
});
