import { parseOrThrow } from './check.ts';
import type { Client, ContractTable, Invoke, Notify, Transport } from './derive.ts';
import { fromWireError, StudioError } from './errors.ts';
import { reply } from './message.ts';
import { reportToConsole } from './report.ts';

export interface ClientOptions {
  /** Told of an event that does not fit the contract; the event is dropped. The console when left out. */
  readonly onBadEvent?: (error: StudioError) => void;
}

/**
 * The typed side of a transport: parses every result and event with the contract's schemas and rebuilds errors.
 * A result that does not fit rejects with `internal`.
 */
export function createClient<T extends ContractTable>(
  contract: T,
  transport: Transport,
  options: ClientOptions = {},
): Client<T> {
  const onBadEvent = options.onBadEvent ?? reportToConsole;
  const client: UntypedClient = {
    async invoke(name, params) {
      const { result } = entryOf(contract, name, 'invoke');
      const answer = parseOrThrow(reply, await transport.invoke(name, params), `${name} reply`, 'internal');
      if (!answer.ok) throw fromWireError(answer.error);
      return parseOrThrow(result, answer.value, `${name} result`, 'internal');
    },
    subscribe(name, listener) {
      const { event } = entryOf(contract, name, 'notify');
      return transport.subscribe(name, (payload) => {
        const parsed = tryParse(() => parseOrThrow(event, payload, `${name} event`, 'internal'), onBadEvent);
        if (parsed) listener(parsed.value);
      });
    },
  };
  // The mapped types cannot be seen through a string-keyed table; parsing above is what makes them true.
  return client as Client<T>;
}

interface UntypedClient {
  invoke(name: string, params: unknown): Promise<unknown>;
  subscribe(name: string, listener: (payload: unknown) => void): () => void;
}

function tryParse<V>(parse: () => V, onError: (error: StudioError) => void): { value: V } | null {
  try {
    return { value: parse() };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    onError(error);
    return null;
  }
}

function entryOf(contract: ContractTable, name: string, type: 'invoke'): Invoke;
function entryOf(contract: ContractTable, name: string, type: 'notify'): Notify;
function entryOf(contract: ContractTable, name: string, type: string): Invoke | Notify {
  const entry = Object.hasOwn(contract, name) ? contract[name] : undefined;
  if (entry?.type === type) return entry;
  throw new StudioError(
    'invalid-input',
    `client: found "${name}", expected a name of the contract (${type})`,
  );
}
