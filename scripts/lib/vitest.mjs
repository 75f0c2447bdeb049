import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
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
 * @property {FileReport[]} testResults one per file
 */

/**
 * @typedef {object} FileReport
 * @property {string} name absolute path of the test file
 * @property {string} status
 * @property {string} message why the file as a whole failed; empty when it is its tests that did
 * @property {{ status: string, fullName: string, failureMessages: string[] }[]} assertionResults
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
  for (const line of testResults.flatMap(failuresOf)) say(line);
  if (numPendingTests > 0) say(`${String(numPendingTests)} tests were skipped.`);
  return { passed: numPassedTests, failed: numFailedTests + testResults.filter(failedAsWhole).length };
}

/**
 * What failed in a file, a line each, so that the end of a log says it without the rest.
 * @param {FileReport} file
 */
function failuresOf(file) {
  const place = relative(ROOT, file.name);
  const failed = file.assertionResults.filter((test) => test.status === 'failed');
  const lines = failed.map(
    (test) => `${place}: ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`,
  );
  return file.status === 'failed' && lines.length === 0 ? [`${place}: ${file.message}`] : lines;
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n', 1)[0] ?? '';
}

/**
 * A file that cannot be loaded, or whose set-up fails, has no failed test to count.
 * @param {FileReport} file
 */
function failedAsWhole({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}
