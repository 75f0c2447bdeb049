/** Kills a study many times: `node test/e2e/kill/study-main.ts --kills 100`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repeatableRandom } from './kill-experiment.ts';
import { killStudy } from './kill-study.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    trials: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const folder = mkdtempSync(join(tmpdir(), 'epoch-studio-kill-study-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const trials = Number(values.trials ?? kills * 12);
  const random = repeatableRandom(Number(values.seed));
  const report = await killStudy({ kills, trials, folder, random, report: say });
  say(JSON.stringify(report, null, 2));
  const done = Object.values(report.kills).reduce((sum, count) => sum + count, 0);
  process.exitCode = report.faults.length === 0 && done === kills ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
