import { beforeEach, describe, expect, it } from 'vitest';
import type { PadAnswer } from '../../shared/schema/inspection.ts';
import { PadAnswers, percentile, type PadQuestion } from './pad-answers.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';

const question = (level: number, ...runIds: string[]): PadQuestion => ({
  nets: runIds.map((runId) => ({ net: { runId, epoch: null }, layer: null })),
  values: new Float32Array(4).fill(level),
});

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('the answers to a drawing', () => {
  let fake: FakeClient;
  let answers: PadAnswers;
  let nowMs: number;
  let waiting: { values: Float32Array; answer(): void; fail(): void }[];

  beforeEach(() => {
    waiting = [];
    nowMs = 1_000;
    fake = createFakeClient({
      'pad.answer': ({ nets, values }: PadQuestion) =>
        new Promise<PadAnswer[]>((resolve, reject) => {
          const heads = [{ name: 'digit', classes: ['0'], probabilities: Float32Array.of(values[0]!) }];
          const answer = () =>
            resolve(nets.map(({ net }) => ({ ...net, epoch: 1, heads, maps: null, durationMs: 1 })));
          waiting.push({ values, answer, fail: () => reject(new Error('pad: no engine')) });
        }),
    });
    answers = new PadAnswers(fake.client, () => nowMs);
  });

  /** Lets the last call come back. */
  async function answer(): Promise<void> {
    waiting.at(-1)!.answer();
    await settle();
  }

  const shown = () => answers.answers[0]?.heads[0]?.probabilities[0];

  it('are asked for one call at a time, the newest drawing next', async () => {
    answers.ask(question(1, 'a'), null);
    for (const level of [2, 3, 4]) answers.ask(question(level, 'a'), nowMs);
    expect(waiting.length).toBe(1);
    await answer();
    expect([shown(), answers.asked, answers.answered]).toEqual([1, 4, 1]);
    expect(waiting.map(({ values }) => values[0])).toEqual([1, 4]);
    await answer();
    expect([shown(), answers.answered, waiting.length]).toEqual([4, 4, 2]);
  });

  it('are timed from the first mark they cover, once the nets are open', async () => {
    answers.ask(question(1, 'a'), 900);
    await answer();
    expect(answers.timesMs).toEqual([]);
    answers.ask(question(2, 'a'), 1_000);
    answers.ask(question(3, 'a'), 1_010);
    answers.ask(question(4, 'a'), 1_020);
    nowMs = 1_030;
    await answer();
    nowMs = 1_055;
    await answer();
    // The second waited since 1,010.
    expect(answers.timesMs).toEqual([30, 45]);
    expect([answers.lastMs, answers.p95Ms]).toEqual([45, 45]);
    answers.ask(question(5, 'a'), null);
    await answer();
    expect(answers.timesMs.length).toBe(2);
    answers.ask(question(5, 'a', 'b'), 2_000);
    await answer();
    expect(answers.timesMs).toEqual([]);
  });

  it('of nets that were taken off meanwhile are dropped', async () => {
    answers.ask(question(1, 'a'), null);
    answers.ask(question(1), null);
    await answer();
    expect([answers.answers, answers.answered]).toEqual([[], 1]);
    answers.ask(question(2, 'b'), null);
    await answer();
    expect(answers.answers.map(({ runId }) => runId)).toEqual(['b']);
  });

  it('that fail are said, keep what is shown, and hold nothing up', async () => {
    answers.ask(question(1, 'a'), null);
    await answer();
    answers.ask(question(2, 'a'), 1_000);
    waiting.at(-1)!.fail();
    await settle();
    expect([answers.error?.message, shown(), answers.timesMs]).toEqual(['pad: no engine', 1, []]);
    answers.ask(question(3, 'a'), 1_000);
    await answer();
    expect([answers.error, shown()]).toEqual([null, 3]);
  });
});

describe('a percentile', () => {
  it('is by the nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect([percentile(values, 95), percentile(values, 50), percentile([7], 95)]).toEqual([19, 10, 7]);
    expect(percentile([], 95)).toBeNull();
  });
});
