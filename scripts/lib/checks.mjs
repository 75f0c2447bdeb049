import { join } from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { formatDuration, reasonOf, say } from './say.mjs';

/**
 * How many checks or tests passed and failed.
 * @typedef {{ passed: number, failed: number }} Tally
 */

/** @type {Tally} */
export const PASSED = { passed: 1, failed: 0 };
/** @type {Tally} */
export const FAILED = { passed: 0, failed: 1 };

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  return tallies.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

/**
 * Runs one check and says how it went and how long it took. An error is a failure, never an end.
 * @param {string} name
 * @param {() => Promise<Tally>} check
 * @returns {Promise<Tally>}
 */
export async function perform(name, check) {
  const startedMs = Date.now();
  const tally = await check().catch((/** @type {unknown} */ error) => {
    say(reasonOf(error));
    return FAILED;
  });
  const verdict = tally.failed === 0 ? 'ok' : 'FAILED';
  say(`${verdict.padEnd(6)} ${name} (${formatDuration(Date.now() - startedMs)})`);
  return tally;
}

/**
 * A development tool out of node_modules as one check: its output is shown only when it fails.
 * @param {string} script path under node_modules
 * @param {readonly string[]} args
 * @returns {Promise<Tally>}
 */
export async function tool(script, args) {
  const result = await run(projectNode(), [join(ROOT, 'node_modules', script), ...args]);
  if (result.code === 0) return PASSED;
  say(`${result.stdout}${result.stderr}`.trimEnd());
  return FAILED;
}
