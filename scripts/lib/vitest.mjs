import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.mjs';
import { RESULTS, ROOT } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { FAILED, sum } from './checks.mjs';
import { say } from './say.mjs';

/** @typedef {import('./checks.mjs').Tally} Tally */

/**
 * Runs one project of vitest.config.ts and counts its tests. Its report stays in test-results/.
 * @param {string} project
 * @param {readonly string[]} [filters] file name filters, as vitest takes them
 * @returns {Promise<Tally>}
 */
export async function runVitest(project, filters = []) {
  const report = join(RESULTS, `${project}.json`);
  await mkdir(RESULTS, { recursive: true });
  await rm(report, { force: true });
  const bin = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [bin, 'run', '--project', project, ...reporters, ...filters];
  const { code } = await run(projectNode(), args, { output: 'stderr' });
  return count(report, code);
}

/**
 * The part of vitest's JSON report that is counted.
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults one per file
 */

/**
 * An unhandled error belongs to no test and no file: it shows only in the exit code and counts as one failure.
 * @param {string} report
 * @param {number} code vitest's exit code
 */
async function count(report, code) {
  const tally = await readReport(report);
  return code !== 0 && tally.failed === 0 ? sum([tally, FAILED]) : tally;
}

/** @param {string} report */
async function readReport(report) {
  const text = await readFile(report, 'utf8').catch(() => null);
  if (text === null) return FAILED;
  /** @type {unknown} */
  const content = JSON.parse(text);
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = /** @type {Report} */ (content);
  if (numPendingTests > 0) say(`${String(numPendingTests)} tests were skipped.`);
  return { passed: numPassedTests, failed: numFailedTests + testResults.filter(failedAsWhole).length };
}

/**
 * A file that cannot be loaded, or whose set-up fails, has no failed test to count.
 * @param {Report['testResults'][number]} file
 */
function failedAsWhole({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}
