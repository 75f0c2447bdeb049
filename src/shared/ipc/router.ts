import { parseOrThrow } from './check.ts';
import type { ContractTable, Handlers, Invoke } from './derive.ts';
import { StudioError, toWireError } from './errors.ts';
import type { Reply } from './message.ts';

/** Answers a call by name. Never rejects: whatever happens becomes a `Reply`. */
export type Router = (call: string, params: unknown) => Promise<Reply>;

/**
 * Joins a contract to its handlers: parses the parameters, runs the handler, parses its result.
 * An unknown call or parameters that do not fit are `invalid-input`; a result that does not fit is `internal`.
 */
export function createRouter<T extends ContractTable>(contract: T, handlers: Handlers<T>): Router {
  return async (call, params) => {
    try {
      const { params: paramsSchema, result: resultSchema } = findCall(contract, call);
      const parsed = parseOrThrow(paramsSchema, params, `${call} parameters`, 'invalid-input');
      const handle = (handlers as Record<string, (params: unknown) => unknown>)[call]!;
      const result = await handle(parsed);
      return { ok: true, value: parseOrThrow(resultSchema, result, `${call} result`, 'internal') };
    } catch (thrown) {
      return { ok: false, error: toWireError(thrown) };
    }
  };
}

function findCall(contract: ContractTable, call: string): Invoke {
  // Own entries only: "constructor" and the like are no calls.
  const entry = Object.hasOwn(contract, call) ? contract[call] : undefined;
  if (entry?.type === 'invoke') return entry;
  throw new StudioError(
    'invalid-input',
    `studio: found a call "${call.slice(0, 80)}", expected one of the contract's; window and studio are of different versions, restart both`,
  );
}
