import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { StudioError } from '../../../shared/ipc/errors.ts';

/** A connection that says nothing for so long is given up. */
const SILENCE_MS = 30_000;
const MOST_REDIRECTS = 5;

/** A server that could not be reached, or went away; trying again may help. */
export class ConnectionError extends Error {}

/** One request, not followed where it leads elsewhere. */
function requestOnce(address: URL, from: number, signal: AbortSignal): Promise<IncomingMessage> {
  const get = address.protocol === 'https:' ? getHttps : getHttp;
  // Bytes as they lie on the server: a packed file must not be unpacked, or packed, on the way.
  const headers = { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  return new Promise((resolve, reject) => {
    const request = get(address, { headers, signal, timeout: SILENCE_MS }, resolve);
    request.on('timeout', () => request.destroy(new ConnectionError(`no answer for ${SILENCE_MS / 1000} s`)));
    request.on('error', reject);
  });
}

function redirectOf(response: IncomingMessage, address: URL): URL | null {
  const { statusCode = 0, headers } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null;
  response.resume();
  return new URL(headers.location, address);
}

/**
 * Asks for a file from byte `from` on, following redirects. Proxies are used as Node is told to (NODE_USE_ENV_PROXY).
 * Node's `fetch` would unpack what a server calls gzip, and the files are gzip.
 * @returns the answer, whatever its status, not yet read; the caller reads or destroys it
 * @throws ConnectionError where there is none; StudioError `unsupported` for endless redirects; what `signal` throws
 */
export async function requestFile(
  address: string,
  from: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let next = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await requestOnce(next, from, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new ConnectionError(reasonOf(cause), { cause });
    });
    const redirect = redirectOf(response, next);
    if (redirect === null) return response;
    next = redirect;
  }
  throw new StudioError(
    'unsupported',
    `datasets: ${address} leads from one address to the next without end`,
    {
      address,
    },
  );
}

/** What was thrown, in words; Node joins several failed attempts under an empty message. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join(', ');
  return thrown instanceof Error ? thrown.message : String(thrown);
}
