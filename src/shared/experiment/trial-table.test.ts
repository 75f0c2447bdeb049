import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../ipc/codec.ts';
import { trialState, type TrialSummary } from '../schema/study.ts';
import { trialTable } from '../schema/trial-table.ts';
import { packTrials, unpackTrials } from './trial-table.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat(2_000_000_000);
const choice = fc.constantFrom('adam', true, null, 'a name', { kind: 'sgd', momentum: 0.9 }, [1, 2], 0.1);
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const anyTrial: fc.Arbitrary<TrialSummary> = fc.record({
  number: count,
  point: fc
    .tuple(
      fc.dictionary(fc.constantFrom('learning rate', 'decay', 'valueOf'), finite, { noNullPrototype: true }),
      fc.dictionary(fc.constantFrom('optimizer', '__proto__'), choice, { noNullPrototype: true }),
    )
    // Entries, not a spread of assignments: "__proto__" is a name like any other.
    .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part)))),
  state: fc.constantFrom(...trialState.options),
  values: fc.array(nullable(finite), { maxLength: 2 }),
  standardError: nullable(finite),
  netsDone: count,
  netsPlanned: count.map((nets) => nets + 1),
  epochs: fc.maxSafeNat(),
  startedAtMs: nullable(finite),
  endedAtMs: nullable(finite),
  failure: nullable(fc.constant({ code: 'internal', message: 'it diverged', details: { epoch: 3 } })),
});

describe('trials by column', () => {
  it('come back as they were, whatever their points hold, also through a message', () => {
    fc.assert(
      fc.property(fc.array(anyTrial, { maxLength: 8 }), (trials) => {
        const table = trialTable.parse(decodeMessage(encodeMessage(packTrials(trials))));
        expect(unpackTrials(table)).toEqual(trials);
      }),
    );
  });

  it('keep what a trial does not have apart from null', () => {
    const [trial] = fc.sample(anyTrial, 1) as [TrialSummary];
    const trials: TrialSummary[] = [
      { ...trial, point: { units: 64 }, values: [] },
      { ...trial, point: { units: null }, values: [null] },
      { ...trial, point: {}, values: [1, null] },
    ];
    expect(unpackTrials(packTrials(trials))).toEqual(trials);
  });

  it.each([
    ['a column of another length', { epochs: Float64Array.of(1) }, 'columns of 2 and of 1 rows'],
    ['a state that is none', { states: Uint8Array.of(0, 9) }, 'a state that is none'],
    [
      'a choice that is none',
      { points: [{ kind: 'choices', name: 'x', different: ['a'], places: Int32Array.of(0, 1) }] },
      'a choice that is none',
    ],
    [
      'a failure of no trial',
      { failures: [{ row: 2, failure: { code: 'internal', message: '', details: {} } }] },
      'a failure of no trial',
    ],
  ])('are refused with %s', (_, part, fault) => {
    const table = packTrials(fc.sample(anyTrial, 2));
    const parsed = trialTable.safeParse({ ...table, failures: [], ...part });
    expect(parsed.error?.issues[0]?.message).toBe(`a table of trials with ${fault}`);
  });
});
