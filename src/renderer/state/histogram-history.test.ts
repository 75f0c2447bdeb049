import { describe, expect, it } from 'vitest';
import { HistogramHistory, historyEpochs, type HistorySource } from './histogram-history.svelte.ts';
import { sampleHistograms } from './testing/sample-results.ts';

const stopsTo = (last: number) =>
  Array.from({ length: last + 1 }, (_, epoch) => ({ epoch, best: false, last: epoch === last }));

function sourceOf(last: number, read: (epoch: number) => Promise<void>): HistorySource {
  return {
    stops: stopsTo(last),
    histogramQuestion: { key: 'histograms', read: () => Promise.resolve(sampleHistograms(['dense-1'])) },
    async answerOf(question, epoch) {
      await read(epoch);
      return question.read(epoch);
    },
  };
}

describe('histograms over the epochs', () => {
  it('are of every epoch, or of an even share of many and the last', () => {
    expect(historyEpochs(stopsTo(3))).toEqual([0, 1, 2, 3]);
    const many = historyEpochs(stopsTo(500));
    expect(many.length).toBeLessThanOrEqual(60);
    expect(many.at(-1)).toBe(500);
  });

  it('are shown as they come, in order', async () => {
    const history = new HistogramHistory();
    const seen: number[] = [];
    await history.read(sourceOf(3, async () => void seen.push(history.entries.length)));
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(history.entries.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(history.reading).toBe(false);
  });

  it('keep what came before an error', async () => {
    const history = new HistogramHistory();
    await history.read(
      sourceOf(3, (epoch) => (epoch === 2 ? Promise.reject(new Error('gone')) : Promise.resolve())),
    );
    expect([history.entries.length, history.error?.message, history.reading]).toEqual([2, 'gone', false]);
  });

  it('are those of the last call', async () => {
    const history = new HistogramHistory();
    const first = history.read(sourceOf(5, () => new Promise((resolve) => setTimeout(resolve, 5))));
    const second = history.read(sourceOf(1, () => Promise.resolve()));
    await Promise.all([first, second]);
    expect(history.entries.map(({ epoch }) => epoch)).toEqual([0, 1]);
  });
});
