import { describe, expect, it } from 'vitest';
import { EpochAnswers, nearestFirst, type EpochPlace } from './epoch-answers.ts';
import { Latest } from './run-results-loader.svelte.ts';

const placeOf = (epoch: number): EpochPlace => ({ epoch, asked: epoch, key: String(epoch) });

function counted(key: string, failing: number | null = null) {
  const asked: (number | null)[] = [];
  const read = (epoch: number | null) => {
    asked.push(epoch);
    return epoch === failing ? Promise.reject(new Error('gone')) : Promise.resolve(`${key} ${epoch}`);
  };
  return { question: { key, read }, asked };
}

describe('the answers of a run’s epochs', () => {
  it('are shown at once where they are kept, with the epoch they are of', async () => {
    const answers = new EpochAnswers();
    const { question, asked } = counted('maps');
    const shown = new Latest<string>();
    answers.watch(shown, question);
    for (const epoch of [1, 2]) {
      answers.ask(placeOf(epoch));
      await answers.settled();
    }
    answers.ask(placeOf(1), true);
    expect([shown.value, shown.epoch]).toEqual(['maps 1', 1]);
    answers.ask(placeOf(3), true);
    expect([shown.value, asked]).toEqual(['maps 1', [1, 2]]);
  });

  it('stop with their panel', async () => {
    const answers = new EpochAnswers();
    const { question, asked } = counted('maps');
    const stop = answers.watch(new Latest<string>(), question);
    stop();
    answers.ask(placeOf(1));
    await answers.settled();
    expect(asked).toEqual([]);
  });

  it('follow the question that took the place of another', async () => {
    const answers = new EpochAnswers();
    const shown = new Latest<string>();
    const stopFirst = answers.watch(shown, counted('conv-1').question);
    answers.watch(shown, counted('conv-2').question);
    stopFirst();
    answers.ask(placeOf(1));
    await answers.settled();
    expect(shown.value).toBe('conv-2 1');
  });

  it('are read ahead one by one, and those that fail not again', async () => {
    const answers = new EpochAnswers();
    const { question, asked } = counted('maps', 2);
    answers.watch(new Latest<string>(), question);
    const places = [1, 2, 3].map(placeOf);
    let reads = 0;
    while (await answers.readAhead(places)) reads++;
    expect([reads, asked]).toEqual([3, [1, 2, 3]]);
  });

  it('are not read ahead once much is kept', async () => {
    const answers = new EpochAnswers(1_000);
    const question = { key: 'maps', read: () => Promise.resolve(new Uint8Array(900)) };
    answers.watch(new Latest<Uint8Array>(), question);
    expect(await answers.readAhead([1, 2].map(placeOf))).toBe(true);
    expect(await answers.readAhead([1, 2].map(placeOf))).toBe(false);
  });
});

describe('the order of reading ahead', () => {
  it('is that of distance, forwards first', () => {
    expect(nearestFirst([0, 1, 2, 3, 4], 2, 4)).toEqual([2, 3, 1, 4]);
    expect(nearestFirst([0, 1], -1, 9)).toEqual([0, 1]);
  });
});
