import type { StudioClient } from '../../../shared/ipc/contract.ts';

type Answer = (params: never) => unknown;

/** A client whose studio is a table of answers, and whose events the test sends itself. */
export interface FakeClient {
  readonly client: StudioClient;
  /** The calls made, in order. */
  readonly calls: { name: string; params: unknown }[];
  send(event: string, payload: unknown): void;
  /** Listeners still subscribed. */
  listening(): number;
}

/** Makes a client that answers from `answers` and rejects every other call. */
export function createFakeClient(answers: Readonly<Record<string, Answer>>): FakeClient {
  const calls: FakeClient['calls'] = [];
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const invoke = async (name: string, params: never): Promise<unknown> => {
    calls.push({ name, params });
    const answer = answers[name];
    if (answer === undefined) throw new Error(`the test answers no ${name}`);
    return answer(params);
  };
  const subscribe = (name: string, listener: (payload: unknown) => void) => {
    const own = listeners.get(name) ?? new Set();
    listeners.set(name, own.add(listener));
    return () => own.delete(listener);
  };
  return {
    client: { invoke, subscribe } as unknown as StudioClient,
    calls,
    send: (event, payload) => listeners.get(event)?.forEach((listener) => listener(payload)),
    listening: () => [...listeners.values()].reduce((sum, own) => sum + own.size, 0),
  };
}
