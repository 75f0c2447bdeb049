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
 * A file that cannot be loaded has no tests to fail, and an unhandled error belongs to none: both show in the exit
 * code and count as one failure.
 * @param {string} report
 * @param {number} code vitest's exit code
 */
async function count(report, code) {
  const tally = await readReport(report);
  return code !== 0 && tally.failed === 0 ? sum([tally, FAILED]) : tally;
}

/** @param {string} report */
async function readReport(report) {
  /** @type {unknown} */
  const content = JSON.parse(await readFile(report, 'utf8').catch(() => '{}'));
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
  } = /** @type {{ numPassedTests?: number, numFailedTests?: number, numPendingTests?: number }} */ (content);
  if (numPendingTests > 0) say(`${String(numPendingTests)} tests were skipped.`);
  return { passed: numPassedTests, failed: numFailedTests };
}
