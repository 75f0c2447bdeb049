/**
 * `npm run bench -- window [--rounds 3]`: does training with the screens open keep the command line's throughput? The
 * same experiment runs from the command line, in headless Chromium and in the real Electron window, in turn; the screens
 * show the run live. Throughput is of the epochs after the first, as the run store has them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../scripts/lib/paths.mjs';
import { openSession } from '../src/main/cli/session.ts';
import { doors, type Door } from '../test/e2e/doors.ts';
import { runStudio } from '../test/e2e/support/command-line.ts';
import { createHome, type TemporaryHome } from '../test/e2e/support/home.ts';
import { models, type ModelName } from './contestants.ts';
import { benchExperiment, BENCH_SEED } from './inputs.ts';
import { median } from './statistics.ts';

const EPOCHS: Readonly<Record<ModelName, number>> = { mlp: 31, cnn: 3 };
/** Share of the command line's throughput that the screens must leave. */
const LEAST_SHARE = 0.95;
const RUN_TIMEOUT_MS = 240_000;

const tell = (text: string): void => void process.stdout.write(`${text}\n`);

/** Images per second of the only run in a home, its first epoch left out. */
async function readThroughput(home: TemporaryHome): Promise<number> {
  const session = openSession(home.path);
  try {
    const { runs } = await session.client.invoke('runs.list', {});
    const { epochs } = await session.client.invoke('runs.get', { runId: runs[0]!.id });
    const later = epochs.slice(1);
    const seconds = later.reduce((sum, epoch) => sum + epoch.durationMs, 0) / 1_000;
    return (60_000 * later.length) / seconds;
  } finally {
    await session.close();
  }
}

async function writeExperiment(
  home: TemporaryHome,
  model: ModelName,
): Promise<{ path: string; name: string }> {
  const experiment = await benchExperiment(ROOT, model, EPOCHS[model]);
  const folder = join(home.path, 'experiments');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `benchmark-${model}.json`);
  await writeFile(path, JSON.stringify(experiment));
  return { path, name: experiment.name };
}

async function trainFromCommandLine(home: TemporaryHome, path: string): Promise<void> {
  const result = await runStudio(home, 'run', path, '--seed', String(BENCH_SEED), '--json');
  if (result.code !== 0)
    throw new Error(`bench: the command line ended with ${result.code}: ${result.stderr}`);
}

/** Starts the run on the screen and watches it there to its end. */
async function trainOnScreen(home: TemporaryHome, door: Door, name: string): Promise<void> {
  const opened = await door.open(home);
  try {
    const { page } = opened;
    await page.getByRole('button', { name: `Run ${name}` }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('main [data-state="finished"]').first().waitFor({ timeout: RUN_TIMEOUT_MS });
  } finally {
    await opened.close();
  }
}

async function measure(model: ModelName, door: Door | null): Promise<number> {
  const home = createHome();
  try {
    const { path, name } = await writeExperiment(home, model);
    if (door === null) await trainFromCommandLine(home, path);
    else await trainOnScreen(home, door, name);
    return await readThroughput(home);
  } finally {
    home.remove();
  }
}

/** Shares of the command line's throughput, one per round. */
async function measureShares(model: ModelName, door: Door, rounds: number): Promise<number[]> {
  const shares: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [first, second] = round % 2 === 0 ? [null, door] : [door, null];
    const one = await measure(model, first);
    const other = await measure(model, second);
    const [alone, shown] = first === null ? [one, other] : [other, one];
    shares.push(shown / alone);
    const speeds = `${Math.round(shown).toLocaleString('en-GB')} of ${Math.round(alone).toLocaleString('en-GB')}`;
    tell(`${model.toUpperCase()}, ${door.name}: ${speeds} images/s, ${(shown / alone).toFixed(3)}`);
  }
  return shares;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
for (const model of models) {
  for (const door of doors) {
    const share = median(await measureShares(model, door, Number(values.rounds)));
    const verdict = share >= LEAST_SHARE ? 'reached' : 'missed';
    tell(
      `${model.toUpperCase()}, ${door.name}: median ${share.toFixed(3)}, least ${LEAST_SHARE}: ${verdict}`,
    );
  }
}
