import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineChoice } from '../../../src/shared/schema/engine.ts';
import { killExperiment, repeatableRandom } from './kill-experiment.ts';
import { killAndCompare } from './kill-rounds.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '40' },
    epochs: { type: 'string' },
    experiment: { type: 'string', default: 'circles' },
    engine: { type: 'string', default: 'auto' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const folder = mkdtempSync(join(tmpdir(), 'epoch-studio-kill-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const report = await killAndCompare({
    kills,
    experiment: killExperiment(values.experiment, Number(values.epochs ?? kills * 20 + 50)),
    engine: engineChoice.parse(values.engine),
    seed: 1,
    folder,
    random: repeatableRandom(Number(values.seed)),
    report: say,
  });
  say(JSON.stringify(report, null, 2));
  process.exitCode = report.faults.length === 0 && report.trainerKills + report.studioKills === kills ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
