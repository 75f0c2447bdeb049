/**
 * `npm run bench -- limits [--rounds 3]`: the times that the screens promise, measured by the end-to-end tests of them in
 * headless Chromium and in the real Electron window, round after round; writes docs/benchmarks-limits.md and its summary
 * in docs/benchmarks.md (with fewer than three rounds: into the cache folder). Ends with 1 where a median misses its limit.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../scripts/lib/command.mjs';
import { ROOT } from '../scripts/lib/paths.mjs';
import { projectNode } from '../scripts/lib/project-node.mjs';
import { cacheDirectory } from '../src/main/host/paths.ts';
import { LIMITS, measuredLimit, type MeasuredLimit } from '../test/e2e/support/measured-limit.ts';
import {
  formatLimitsReport,
  formatLimitsSummary,
  isKept,
  LIMITS_HEADING,
  type LimitsResults,
} from './limits/limits-report.ts';
import { machineLine } from './machine.ts';
import { withSection } from './report-sections.ts';

const WHOLE_ROUNDS = 3;
const FILES = ['explorer', 'latency', 'pad', 'epoch-slider', 'study.test'];
/** Of these files' tests, those that measure, and what they stand on: the pad's first loads its nets. */
const MEASURING = 'within \\d+ ms|60 frames a second|the drawing pad';

async function measureOnce(): Promise<MeasuredLimit[]> {
  await rm(LIMITS, { recursive: true, force: true });
  const words = ['e2e', '--', ...FILES, '-t', MEASURING];
  await run(projectNode(), [join(ROOT, 'scripts', 'test.mjs'), ...words], { output: 'stderr' });
  const files = await readdir(LIMITS);
  return Promise.all(
    files
      .sort()
      .map(async (file) => measuredLimit.parse(JSON.parse(await readFile(join(LIMITS, file), 'utf8')))),
  );
}

async function measure(rounds: number): Promise<LimitsResults> {
  const loads: number[] = [];
  const measured: MeasuredLimit[][] = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    loads.push(loadavg()[0]!);
    measured.push(await measureOnce());
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machineLine(),
    loads,
    rounds: measured,
  };
}

async function write(results: LimitsResults): Promise<void> {
  const report = formatLimitsReport(results);
  process.stdout.write(report);
  const isWhole = results.rounds.length >= WHOLE_ROUNDS;
  const folder = isWhole ? join(ROOT, 'docs') : join(cacheDirectory(), 'bench');
  await writeFile(join(folder, 'benchmarks-limits.md'), report);
  if (!isWhole) return;
  const path = join(folder, 'benchmarks.md');
  await writeFile(
    path,
    withSection(await readFile(path, 'utf8'), LIMITS_HEADING, formatLimitsSummary(results)),
  );
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: String(WHOLE_ROUNDS) } } });
const results = await measure(Number(values.rounds));
await write(results);
if (!isKept(results)) process.exitCode = 1;
