import { describe, expect, it, vi } from 'vitest';
import type { ComparedSeries } from '../../shared/schema/comparison.ts';
import { Comparison } from './compare.svelte.ts';
import { ComparisonAnswers } from './compare-answers.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleComparison, sampleSeries } from './testing/sample-comparison.ts';

const ids = ['run0000001', 'run0000002', 'run0000003'];
const loss = { split: 'dev', metric: 'loss' } as const;
const accuracy = { split: 'dev', metric: 'accuracy' } as const;

interface SeriesAsked {
  readonly runIds: string[];
  readonly curves: Pick<ComparedSeries, 'split' | 'metric'>[];
}

/** A studio with every curve of every run, answering run by run as the real one does. */
function setUp() {
  const fake = createFakeClient({
    'compare.runs': () => sampleComparison(),
    'compare.series': ({ runIds, curves }: SeriesAsked) =>
      runIds.flatMap((runId) => curves.map((curve) => ({ ...sampleSeries(runId, [1, 0.5]), ...curve }))),
  });
  const answers = new ComparisonAnswers(fake.client);
  const names = () => fake.calls.map(({ name }) => name);
  return { fake, answers, names };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('answers about compared runs', () => {
  it('read ahead are what a comparison shows at once, without a second call', async () => {
    const { fake, answers, names } = setUp();
    answers.readAhead(ids);
    await settle();
    const comparison = new Comparison(fake.client, answers);
    comparison.show([...ids]);
    expect(comparison.all.map(({ summary }) => summary.id)).toEqual(ids);
    expect(comparison.seriesOf('loss').known?.map(({ runId }) => runId)).toEqual(ids);
    expect(names()).toEqual(['compare.runs', 'compare.series']);
  });

  it('ask only for the curves that are not here, and give them run by run', async () => {
    const { fake, answers } = setUp();
    await answers.series(ids, [loss]);
    expect(answers.knownSeries(ids, [loss, accuracy])).toBeNull();
    const both = await answers.series(ids, [loss, accuracy]);
    expect(fake.calls.map(({ params }) => (params as SeriesAsked).curves)).toEqual([[loss], [accuracy]]);
    expect(both.map(({ runId, metric }) => `${runId} ${metric}`)).toEqual(
      ids.flatMap((id) => [`${id} loss`, `${id} accuracy`]),
    );
    expect(answers.knownSeries(ids, [accuracy])).toHaveLength(3);
  });

  it('are asked for anew once one of the runs has changed, and not when another has', async () => {
    const { fake, answers, names } = setUp();
    const stop = answers.start();
    await answers.runs(ids);
    fake.send('run.epoch', { runId: 'run0000099' });
    expect(answers.knownRuns(ids)).not.toBeNull();
    fake.send('run.epoch', { runId: ids[1] });
    expect(answers.knownRuns(ids)).toBeNull();
    await answers.runs(ids);
    expect(names()).toEqual(['compare.runs', 'compare.runs']);
    stop();
    expect(fake.listening()).toBe(0);
  });

  it('on their way while a run changes are not kept', async () => {
    const { answers } = setUp();
    const asked = answers.runs(ids);
    answers.forget();
    await asked;
    expect(answers.knownRuns(ids)).toBeNull();
  });

  it('that failed are asked for again', async () => {
    let fails = true;
    const fake = createFakeClient({
      'compare.runs': () => {
        if (fails) throw new Error('busy');
        return sampleComparison();
      },
    });
    const answers = new ComparisonAnswers(fake.client);
    await expect(answers.runs(ids)).rejects.toThrow('busy');
    fails = false;
    expect((await answers.runs(ids)).runs).toHaveLength(3);
  });

  it('are read ahead for a selection that rests, neither for one run nor for a thousand', () => {
    vi.useFakeTimers();
    const { answers, fake } = setUp();
    answers.readSoon(ids.slice(0, 2));
    answers.readSoon(ids);
    vi.advanceTimersByTime(500);
    const thousand = Array.from({ length: 1_000 }, (_, index) => `run${index}`);
    for (const selection of [ids.slice(0, 1), thousand]) {
      answers.readSoon(selection);
      vi.advanceTimersByTime(500);
    }
    expect(fake.calls.map(({ params }) => (params as SeriesAsked).runIds)).toEqual([ids, ids]);
    vi.useRealTimers();
  });
});
