import { expect, it } from 'vitest';
import {
  contract,
  type StudioCall,
  type StudioClient,
  type StudioEvent,
} from '../../src/shared/ipc/contract.ts';
import type { Handlers } from '../../src/shared/ipc/derive.ts';
import type { EchoContract } from './fixtures/echo-contract.ts';
import { createEchoHandlers } from './fixtures/echo-handlers.ts';

/** Compiles only when nothing is left over. */
type AssertNever<T extends never> = T;
/** Every name of the contract is a call or an event. */
export type Unplaced = AssertNever<Exclude<keyof typeof contract, StudioCall | StudioEvent>>;
/** No name is both. */
export type Both = AssertNever<StudioCall & StudioEvent>;

/** Never called: `tsc` is the test, and fails where an expected error is missing. */
export function compileErrors(client: StudioClient): unknown[] {
  const { pid: _pid, ...lessOne } = createEchoHandlers(() => undefined);
  // @ts-expect-error a handler is missing
  const missing: Handlers<EchoContract> = lessOne;
  const extra: Handlers<EchoContract> = {
    ...lessOne,
    pid: () => 1,
    // @ts-expect-error there is no such call
    unheardOf: () => null,
  };
  // @ts-expect-error a handler returns what the result does not allow
  const wrongResult: Handlers<EchoContract> = { ...missing, pid: () => 'one' };
  // @ts-expect-error an unknown call
  void client.invoke('runs.explode', {});
  // @ts-expect-error an event is no call
  void client.invoke('run.changed', {});
  // @ts-expect-error a parameter is missing
  void client.invoke('runs.get', {});
  // @ts-expect-error an unknown event
  client.subscribe('run.exploded', () => undefined);
  // @ts-expect-error a call is no event
  client.subscribe('runs.list', () => undefined);
  // @ts-expect-error the payload has no such field
  client.subscribe('run.changed', (run) => String(run.colour));
  return [extra, wrongResult];
}

it('has only calls and events in the contract', () => {
  const kinds = new Set(Object.values(contract).map((entry) => entry.type));
  expect([...kinds].sort()).toEqual(['invoke', 'notify']);
});
