import { readStamp, writeStamp } from './stamp.mjs';

/** A machine that could not fetch something today may be able to tomorrow. */
const REMEMBER_MS = 24 * 3600_000;

/**
 * Remembers why something could not be fetched, so that each start need not wait for it again.
 * @param {string} path absolute; where to remember it
 * @param {string} reason
 */
export async function rememberFailure(path, reason) {
  await writeStamp(path, JSON.stringify({ atMs: Date.now(), reason }));
}

/**
 * @param {string} path absolute
 * @returns {Promise<string | null>} the reason, if it failed within the last day
 */
export async function recallFailure(path) {
  /** @type {unknown} */
  const stored = JSON.parse((await readStamp(path)) ?? 'null');
  const failure = /** @type {{ atMs: number, reason: string } | null} */ (stored);
  return failure !== null && Date.now() - failure.atMs < REMEMBER_MS ? failure.reason : null;
}
