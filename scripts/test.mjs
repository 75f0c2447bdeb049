/**
 * `npm test`: sets up what is missing, then runs every check and test; a failing stage does not stop the next.
 * `npm test -- STAGE...` runs only these stages: types, lint, unit, e2e; words after a lone `--` are file filters
 * of vitest. The last line is "N passed, N failed".
 */
import { availableParallelism } from 'node:os';
import { ensureBuild } from './lib/build.mjs';
import { FAILED, PASSED, perform, sum, tool } from './lib/checks.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureElectronForTests } from './lib/electron-for-tests.mjs';
import { ensureEngineLibrary } from './lib/engine-library.mjs';
import { formatDuration, reasonOf, say } from './lib/say.mjs';
import { ensureTestPrograms } from './lib/system-programs.mjs';
import { runVitest } from './lib/vitest.mjs';

/** @typedef {import('./lib/checks.mjs').Tally} Tally */
/** @typedef {readonly [name: string, check: () => Promise<Tally>]} Check */

/** Each thread of the linter takes some 2 GB. */
const LINT_THREADS = String(Math.min(4, availableParallelism()));

/** @type {readonly Check[]} */
const PROGRAMS = [
  ['build', () => ensureBuild().then(() => PASSED)],
  ['TensorFlow library', async () => ((await ensureEngineLibrary({ again: true })) ? PASSED : FAILED)],
];

/** @type {Readonly<Record<string, readonly Check[]>>} */
const STAGES = {
  types: [
    ['tsc', () => tool('typescript/bin/tsc', ['-p', '.'])],
    [
      'svelte-check',
      () => tool('svelte-check/bin/svelte-check', ['--fail-on-warnings', '--output', 'human']),
    ],
  ],
  lint: [
    [
      'eslint',
      () => tool('eslint/bin/eslint.js', ['--max-warnings', '0', '--concurrency', LINT_THREADS, '.']),
    ],
    ['dependency-cruiser', () => tool('dependency-cruiser/bin/dependency-cruiser.mjs', ['src'])],
    ['prettier', () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])],
  ],
  unit: [...PROGRAMS, ['unit tests', () => runVitest('unit', filters)]],
  e2e: [
    ...PROGRAMS,
    ['programs for end-to-end tests', preparePrograms],
    ['end-to-end tests', () => runVitest('e2e', filters)],
  ],
};

async function preparePrograms() {
  const missing = await ensureTestPrograms();
  if (missing.length > 0)
    say(`The end-to-end tests need ${missing.join(' and ')}; install them and run again.`);
  const electron = await ensureElectronForTests();
  if (electron.path === null) say(`No Electron for the window tests: ${electron.reason}.`);
  return missing.length === 0 && electron.path !== null ? PASSED : FAILED;
}

/**
 * @param {readonly string[]} words
 * @returns {{ stages: string[], filters: string[] }}
 */
function readArguments(words) {
  const cut = words.includes('--') ? words.indexOf('--') : words.length;
  const stages = words.slice(0, cut);
  const unknown = stages.find((stage) => !(stage in STAGES));
  if (unknown !== undefined) {
    throw new Error(`npm test: found the stage "${unknown}", expected ${Object.keys(STAGES).join(', ')}`);
  }
  return { stages: stages.length > 0 ? stages : Object.keys(STAGES), filters: words.slice(cut + 1) };
}

/** @param {readonly string[]} stages */
async function runStages(stages) {
  await ensureDependencies();
  const checks = new Map(stages.flatMap((stage) => STAGES[stage] ?? []));
  const tallies = [];
  for (const [name, check] of checks) tallies.push(await perform(name, check));
  return sum(tallies);
}

/** @type {readonly string[]} */
let filters = [];
const startedMs = Date.now();
/** @type {Tally} */
let total = FAILED;
try {
  const chosen = readArguments(process.argv.slice(2));
  filters = chosen.filters;
  total = await runStages(chosen.stages);
} catch (error) {
  say(reasonOf(error));
}
say(`Took ${formatDuration(Date.now() - startedMs)}.`);
console.log(`${String(total.passed)} passed, ${String(total.failed)} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
