import { describe, expect, it, vi } from 'vitest';
import { Comparison } from './compare.svelte.ts';
import { ComparedPair, chosenPositions, setCounts } from './compare-pair.svelte.ts';
import { RunPicker } from './compare-picker.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleComparison, sampleGroup, samplePair, sampleSeries } from './testing/sample-comparison.ts';
import { classificationOf, sampleResults } from './testing/sample-results.ts';
import { sampleDetail, sampleRun } from './testing/samples.ts';

const ids = ['run0000001', 'run0000002', 'run0000003'];

function setUp() {
  const fake = createFakeClient({
    'compare.runs': () => sampleComparison(),
    'compare.series': ({ runIds }: { runIds: string[] }) => runIds.map((id) => sampleSeries(id, [1, 0.5])),
    'compare.groups': ({ runIds }: { runIds: string[] }) => ({
      groups: [sampleGroup('all', runIds)],
      tests: [],
    }),
  });
  return { fake, comparison: new Comparison(fake.client) };
}

async function shown() {
  const made = setUp();
  made.comparison.show(ids);
  await made.comparison.answer.settled();
  return made;
}

describe('a comparison', () => {
  it('asks once for the same runs', async () => {
    const { fake, comparison } = await shown();
    comparison.show([...ids]);
    await comparison.answer.settled();
    expect(fake.calls.map(({ name }) => name)).toEqual(['compare.runs']);
    expect(comparison.all.map(({ summary }) => summary.id)).toEqual(ids);
  });

  it('begins with dev curves, and always keeps one split', async () => {
    const { comparison } = await shown();
    expect(comparison.splitChoices).toEqual(['train', 'dev', 'test']);
    expect(comparison.splits).toEqual(['dev']);
    comparison.toggleSplit('train');
    expect([...comparison.splits].sort()).toEqual(['dev', 'train']);
    comparison.toggleSplit('train');
    comparison.toggleSplit('dev');
    expect(comparison.splits).toEqual(['dev']);
  });

  it('asks only for curves there are', async () => {
    const { fake, comparison } = await shown();
    comparison.toggleSplit('train');
    comparison.toggleSplit('test');
    await comparison.seriesOf('loss').read();
    const { curves } = fake.calls.at(-1)?.params as { curves: { split: string }[] };
    expect(curves.map(({ split }) => split).sort()).toEqual(['dev', 'train']);
    expect(await comparison.seriesOf('gradient-norm').read()).toEqual([]);
  });

  it('tests the groups of the runs that brushes keep, by the chosen number', async () => {
    const { fake, comparison } = await shown();
    expect(comparison.curve).toBe('test/accuracy');
    comparison.brush('test/accuracy', { kind: 'range', from: 0.4, to: 1 });
    expect(comparison.kept.map(({ summary }) => summary.id)).toEqual(['run0000001', 'run0000002']);
    comparison.curve = 'dev/loss';
    comparison.readGroups();
    await comparison.groups.settled();
    expect(fake.calls.at(-1)?.params).toEqual({
      runIds: ['run0000001', 'run0000002'],
      split: 'dev',
      metric: 'loss',
      at: 'last',
    });
    comparison.clearBrushes();
    expect(comparison.kept).toHaveLength(3);
  });

  it('shows one line only, and all again when asked twice', () => {
    const { comparison } = setUp();
    comparison.showOnly('b', ['a', 'b', 'c']);
    expect([...comparison.hidden]).toEqual(['a', 'c']);
    comparison.showOnly('b', ['a', 'b', 'c']);
    expect(comparison.hidden.size).toBe(0);
    comparison.toggleHidden('a');
    expect([...comparison.hidden]).toEqual(['a']);
  });

  it('reads runs that train anew, but not at every epoch', async () => {
    vi.useFakeTimers();
    const { fake, comparison } = setUp();
    comparison.show(ids);
    await comparison.answer.settled();
    const stop = comparison.start();
    for (let i = 0; i < 5; i++) fake.send('run.epoch', { runId: ids[0] });
    fake.send('run.epoch', { runId: 'run0000099' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fake.calls).toHaveLength(2);
    expect(comparison.revision).toBe(1);
    stop();
    expect(fake.listening()).toBe(0);
    vi.useRealTimers();
  });
});

describe('two compared classifiers', () => {
  it('count their sets, and list the examples of a set or of a cell', () => {
    const pair = samplePair();
    expect(setCounts(pair)).toEqual([2, 1, 1, 1, 1]);
    expect(chosenPositions(pair, { kind: 'set', set: 'broken' })).toEqual([3]);
    expect(chosenPositions(pair, { kind: 'cell', a: 1, b: 1 })).toEqual([1, 4]);
  });

  it('read what is shown of examples only when some are looked at', async () => {
    const result = classificationOf(['cat', 'dog'], [0, 1], [0, 0], [0.9, 0.6], 10);
    const fake = createFakeClient({
      'compare.pair': () => samplePair(),
      'runs.get': () => sampleDetail(sampleRun(), 1),
      'results.get': () => sampleResults(result),
    });
    const pair = new ComparedPair(fake.client);
    pair.show('run0000001', 'run0000002');
    await pair.answer.settled();
    expect(fake.calls.map(({ name }) => name)).toEqual(['compare.pair']);
    pair.look({ kind: 'set', set: 'fixed' }, 'run0000001', 'run0000002');
    await Promise.all([pair.reader.settled(), pair.confidences.settled()]);
    expect(pair.confidences.value?.get(11)?.b).toBeCloseTo(0.6, 6);
  });
});

describe('choosing runs', () => {
  it('searches once typing pauses, and keeps what was chosen before', async () => {
    vi.useFakeTimers();
    const runs = [sampleRun({ id: 'run0000007' })];
    const fake = createFakeClient({ 'runs.list': () => ({ runs, total: 1 }) });
    const picker = new RunPicker(fake.client, ['run0000001']);
    picker.type('spi');
    picker.type('spirals ');
    await vi.advanceTimersByTimeAsync(200);
    expect(fake.calls.map(({ params }) => params)).toEqual([{ text: 'spirals', limit: 100 }]);
    await picker.found.settled();
    picker.chooseListed();
    picker.toggle('run0000001');
    expect([...picker.chosen]).toEqual(['run0000007']);
    vi.useRealTimers();
  });

  it('takes all finished runs of an experiment', async () => {
    const fake = createFakeClient({
      'experiments.results': () => [{ runIds: ['a', 'b'] }, { runIds: ['c'] }],
    });
    expect(await new RunPicker(fake.client).ofExperiment('x')).toEqual(['a', 'b', 'c']);
  });
});
