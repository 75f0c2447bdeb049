import { describe, expect, it } from 'vitest';
import { sizeText, timeText } from './estimate-text.ts';
import { SearchEstimates } from './search-estimates.svelte.ts';
import { StudiesList } from './studies-list.svelte.ts';
import { canExtend, studyActionForKey, studyActions, workedMs } from './study-actions.ts';
import { StudyImportance } from './study-importance.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleFolds, sampleSearchExperiment, sampleStudy, sampleTrials } from './testing/sample-study.ts';
import { TrialFolds } from './trial-folds.svelte.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the list of studies', () => {
  const older = sampleStudy({ id: 's0000000001', createdAt: '2026-11-20T09:00:00.000Z' });
  const newer = sampleStudy({ id: 's0000000002', createdAt: '2026-11-21T09:00:00.000Z' });

  it('has the newest first, takes changes in and what is deleted out', async () => {
    const fake = createFakeClient({ 'studies.list': () => [older, newer] });
    const list = new StudiesList(fake.client);
    const stop = list.start();
    await list.load();
    expect(list.rows.map(({ id }) => id)).toEqual([newer.id, older.id]);
    fake.send('study.changed', { ...older, state: 'paused' });
    expect(list.known(older.id)?.state).toBe('paused');
    fake.send('study.changed', { ...newer, deletedAt: newer.createdAt });
    expect(list.rows.map(({ id }) => id)).toEqual([older.id]);
    stop();
    expect(fake.listening()).toBe(0);
  });

  it('follows the progress of what runs, until it does not', async () => {
    const fake = createFakeClient({ 'studies.list': () => [older] });
    const list = new StudiesList(fake.client);
    const stop = list.start();
    await list.load();
    fake.send('study.progress', { studyId: older.id, netsDone: 7 });
    expect(list.progress.get(older.id)?.netsDone).toBe(7);
    fake.send('study.changed', { ...older, state: 'finished' });
    expect(list.progress.size).toBe(0);
    stop();
  });

  it('deletes and restores', async () => {
    const fake = createFakeClient({
      'studies.list': () => [],
      'studies.delete': () => ({}),
      'studies.restore': () => ({}),
    });
    const list = new StudiesList(fake.client);
    await list.delete([older.id]);
    await list.restore([older.id]);
    expect(fake.calls.map(({ name }) => name)).toEqual([
      'studies.delete',
      'studies.list',
      'studies.restore',
      'studies.list',
    ]);
  });

  it('says why it could not be read', async () => {
    const list = new StudiesList(createFakeClient({}).client);
    await list.load();
    expect(list.error?.message).toContain('studies.list');
    expect(list.loaded).toBe(false);
  });
});

describe('what may be asked of a study', () => {
  it('depends on its state', () => {
    expect(studyActions('running')).toEqual(['pause', 'cancel']);
    expect(studyActions('crashed')).toEqual(['resume']);
    expect(studyActions('finished')).toEqual([]);
    expect([canExtend('finished'), canExtend('failed')]).toEqual([true, false]);
    expect(studyActionForKey('p', 'running')).toBe('pause');
    expect(studyActionForKey('P', 'paused')).toBe('resume');
    expect(studyActionForKey('c', 'finished')).toBeNull();
  });
});

describe('the time a study has worked', () => {
  const study = sampleStudy({ createdAt: '2026-11-21T09:00:00.000Z', durationMs: 0 });
  const now = Date.parse('2026-11-21T09:01:30.000Z');

  it('is counted from its start while it runs for the first time, else as it is stored', () => {
    expect(workedMs({ ...study, state: 'running' }, now)).toBe(90_000);
    expect(workedMs({ ...study, state: 'running', durationMs: 5_000 }, now)).toBe(5_000);
    expect(workedMs({ ...study, state: 'finished', durationMs: 7_000 }, now)).toBe(7_000);
  });
});

describe('the importance of parameters', () => {
  const answer = (trials: number) => ({
    'studies.importance': ({ method }: { method: 'fanova' | 'mean-difference' }) => ({
      method,
      trials,
      parameters:
        method === 'fanova'
          ? [
              { name: 'rate', share: 0.7 },
              { name: 'units', share: 0.3 },
            ]
          : [{ name: 'units', share: 1 }],
    }),
  });

  it('stands side by side for both methods', async () => {
    const importance = new StudyImportance(createFakeClient(answer(50)).client, 's0000000001');
    await importance.ask(50);
    expect(importance.parameters).toEqual([
      { name: 'rate', fanova: 0.7, meanDifference: null },
      { name: 'units', fanova: 0.3, meanDifference: 1 },
    ]);
  });

  it('is asked again only when there is a tenth more to learn from, and at the end', async () => {
    const fake = createFakeClient(answer(50));
    const importance = new StudyImportance(fake.client, 's0000000001');
    for (const ended of [0, 1, 100, 105, 109, 110]) await importance.ask(ended);
    expect(fake.calls).toHaveLength(4);
    await importance.askLast(111);
    await importance.askLast(111);
    expect(fake.calls).toHaveLength(6);
  });

  it('says what the studio said where it cannot be told', async () => {
    const importance = new StudyImportance(createFakeClient({}).client, 's0000000001');
    await importance.ask(9);
    expect(importance.fault).toContain('studies.importance');
  });
});

describe('the nets of trials', () => {
  const trials = sampleTrials(3);

  it('are read once, and again when more of them have ended', async () => {
    const fake = createFakeClient({
      'studies.folds': ({ trial }: { trial: number }) => sampleFolds(trials[trial]!),
    });
    const folds = new TrialFolds(fake.client, 's0000000001');
    expect(folds.of(0)).toBeNull();
    await folds.ask([trials[0]!, trials[1]!]);
    await folds.ask([trials[0]!]);
    expect(fake.calls).toHaveLength(2);
    expect(folds.of(1)).toHaveLength(5);
    await folds.ask([{ ...trials[0]!, netsDone: 6 }]);
    expect(fake.calls).toHaveLength(3);
  });

  it('can be asked for again after a failure', async () => {
    const folds = new TrialFolds(createFakeClient({}).client, 's0000000001');
    await folds.ask([trials[0]!]);
    expect(folds.error?.message).toContain('studies.folds');
    expect(folds.of(0)).toBeNull();
  });
});

describe('what a search comes to', () => {
  it('is asked once per experiment, and says why it cannot be told', async () => {
    const estimate = { points: 324, trials: 65, nets: 65, seconds: 600 };
    const fake = createFakeClient({ 'studies.estimate': () => estimate });
    const estimates = new SearchEstimates(fake.client);
    const experiment = sampleSearchExperiment();
    await estimates.ask('one', experiment);
    await estimates.ask('one', experiment);
    expect(fake.calls).toHaveLength(1);
    expect(estimates.of('one')?.estimate).toEqual(estimate);
    const broken = new SearchEstimates(createFakeClient({}).client);
    void broken.ask('one', experiment);
    await settled();
    expect(broken.of('one')?.error?.message).toContain('studies.estimate');
  });

  it('is said in words', () => {
    const plain = (text: string) => text.replaceAll('\u00a0', ' ');
    expect(sizeText({ points: 324, trials: 65, nets: 65, seconds: null })).toBe('65 of 324 points, 65 nets');
    expect(sizeText({ points: null, trials: 500, nets: 2_500, seconds: null })).toBe(
      '500 trials, 2,500 nets',
    );
    expect(sizeText({ points: 1, trials: 1, nets: 1, seconds: null })).toBe('1 trial, 1 net');
    expect(plain(timeText({ points: 1, trials: 1, nets: 1, seconds: 230 }))).toBe('about 3 m 50 s');
    expect(timeText({ points: 1, trials: 1, nets: 1, seconds: null })).toContain('after the first trials');
  });
});
