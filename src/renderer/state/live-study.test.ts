import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packTrials } from '../../shared/experiment/trial-table.ts';
import type { StudyDetail, TrialSummary } from '../../shared/schema/study.ts';
import type { TrialTable } from '../../shared/schema/trial-table.ts';
import { LiveStudy } from './live-study.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleStudy, sampleStudyDetail, sampleTrials } from './testing/sample-study.ts';

const studyId = sampleStudy().id;

describe('a study that goes on', () => {
  let fake: FakeClient;
  let live: LiveStudy;
  let stored: TrialSummary[];
  let detail: StudyDetail;
  let stop: () => void;

  beforeEach(async () => {
    vi.useFakeTimers();
    stored = sampleTrials(20);
    detail = sampleStudyDetail();
    fake = createFakeClient({
      'studies.get': () => detail,
      'studies.trials': ({ from, limit }: { from: number; limit: number }) =>
        packTrials(stored.slice(from, from + limit)),
    });
    live = new LiveStudy(fake.client, studyId);
    stop = live.start();
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  const tell = (trials: TrialSummary[]) => fake.send('study.trials', { studyId, trials });

  it('reads the study and its trials', () => {
    expect(live.summary?.id).toBe(studyId);
    expect(live.columns?.count).toBe(20);
  });

  it('shows changed trials at most four times a second, many batches as one', async () => {
    const before = live.revision;
    for (const trial of sampleTrials(100).slice(20)) tell([trial]);
    expect(live.columns?.count).toBe(20);
    await vi.advanceTimersByTimeAsync(250);
    expect(live.columns?.count).toBe(100);
    expect(live.revision).toBe(before + 1);
  });

  it('hears nothing of other studies, and nothing once stopped', async () => {
    fake.send('study.trials', { studyId: 's9999999999', trials: sampleTrials(30) });
    fake.send('study.progress', { studyId: 's9999999999', netsDone: 9 });
    await vi.advanceTimersByTimeAsync(250);
    expect(live.columns?.count).toBe(20);
    expect(live.progress).toBeNull();
    stop();
    expect(fake.listening()).toBe(0);
  });

  it('loses no trial that ends while the study is read again', async () => {
    let answer: (trials: TrialTable) => void = () => undefined;
    const slow = createFakeClient({
      'studies.get': () => detail,
      'studies.trials': () => new Promise<TrialTable>((resolve) => (answer = resolve)),
    });
    const late = new LiveStudy(slow.client, studyId);
    const stopLate = late.start();
    const ended = { ...sampleTrials(7)[5]!, netsDone: 5 };
    slow.send('study.trials', { studyId, trials: [ended] });
    await vi.advanceTimersByTimeAsync(600);
    answer(
      packTrials(
        sampleTrials(6).map((trial) => ({ ...trial, state: 'running', netsDone: 1, values: [null] })),
      ),
    );
    await vi.advanceTimersByTimeAsync(300);
    expect(late.columns?.row(5)?.state).toBe(ended.state);
    expect(late.columns?.row(4)?.state).toBe('running');
    stopLate();
  });

  it('reads the whole again when its state changes, and forgets the progress of one that is over', async () => {
    const progress = {
      studyId,
      state: 'running',
      netsDone: 9,
      netsPlanned: 2_500,
      stepsPerSecond: 10,
      secondsLeft: 5,
    };
    fake.send('study.progress', progress);
    await vi.advanceTimersByTimeAsync(250);
    expect(live.progress?.netsDone).toBe(9);
    stored = sampleTrials(500);
    detail = sampleStudyDetail(sampleStudy({ state: 'finished' }));
    fake.send('study.changed', detail.summary);
    await vi.advanceTimersByTimeAsync(250);
    expect(live.columns?.count).toBe(500);
    expect(live.progress).toBeNull();
  });

  it('reads more trials than one answer holds', async () => {
    stored = sampleTrials(12_000);
    await live.load();
    expect(live.columns?.count).toBe(12_000);
    expect(fake.calls.filter(({ name }) => name === 'studies.trials')).toHaveLength(1 + 3);
  });

  it('says why it cannot be shown', async () => {
    const none = new LiveStudy(createFakeClient({}).client, studyId);
    const stopNone = none.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(none.error?.message).toContain('studies.');
    stopNone();
  });
});
