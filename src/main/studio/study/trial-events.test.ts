import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateBytes, maxEventBytes } from '../../../shared/ipc/event-size.ts';
import type { TrialSummary } from '../../../shared/schema/study.ts';
import { trialEvents } from './trial-events.ts';

const STUDY = 'sstudy0000a';

function trialOf(number: number, note: string): TrialSummary {
  return {
    number,
    point: { rate: number / 7, note },
    state: 'waiting',
    values: [],
    standardError: null,
    netsDone: 0,
    netsPlanned: 5,
    epochs: 0,
    startedAtMs: null,
    endedAtMs: null,
    failure: null,
  };
}

describe('the events that tell of trials', () => {
  it('tell of every trial once, in order, and none is larger than an event may be', () => {
    const notes = fc.array(fc.nat(5_000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(notes, (lengths) => {
        const trials = lengths.map((length, number) => trialOf(number, 'x'.repeat(length)));
        const events = [...trialEvents(STUDY, trials)];
        expect(events.flatMap((event) => event.trials)).toEqual(trials);
        for (const event of events) {
          expect(event.studyId).toBe(STUDY);
          expect(estimateBytes(event)).toBeLessThanOrEqual(maxEventBytes);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are as few as can be: one for what fits, and each but the last is full', () => {
    expect([...trialEvents(STUDY, [trialOf(0, '')])]).toHaveLength(1);
    const trials = Array.from({ length: 2_500 }, (_, number) => trialOf(number, 'a point of usual length'));
    const sizes = [...trialEvents(STUDY, trials)].map(estimateBytes);
    expect(sizes.length).toBeGreaterThan(1);
    const one = estimateBytes(trials[0]);
    for (const size of sizes.slice(0, -1)) expect(size + one).toBeGreaterThan(maxEventBytes);
  });

  it('are none where nothing changed', () => {
    expect([...trialEvents(STUDY, [])]).toEqual([]);
  });
});
