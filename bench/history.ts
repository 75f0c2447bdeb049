/**
 * `npm run bench -- history [--rounds 3] [--quick]`: a history of 10,000 runs with a million points in the studio and in
 * TensorBoard, opened, compared and panned in the same browser; writes docs/benchmarks-history.md and its summary in
 * docs/benchmarks.md (`--quick`: one round, into the cache folder).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import { launchBrowser } from '../test/e2e/support/browser.ts';
import { serveStudio, type ServedStudio } from '../test/e2e/support/serve.ts';
import { EPOCHS, RUNS } from './history/history-runs.ts';
import {
  formatHistoryReport,
  formatSummary,
  HISTORY_HEADING,
  type HistoryResults,
} from './history/history-report.ts';
import { ensureHistory } from './history/make-history.ts';
import { timeList } from './history/page-clock.ts';
import { studioContestant, tensorBoardContestant, type ScreenTimes } from './history/screens.ts';
import { ensureEvents, startTensorBoard, type RunningTensorBoard } from './history/tensorboard.ts';
import { installTensorBoard } from './install-peers.ts';
import { machineLine } from './machine.ts';
import { withSection } from './report-sections.ts';

/** Runs of as many settings as there are, all with the same seed. */
const COMPARED = 200;
/** Four curves per epoch, and two numbers on test. */
const POINTS = RUNS * (EPOCHS * 4 + 2);

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

interface Programs {
  readonly served: ServedStudio;
  readonly tensorBoard: RunningTensorBoard;
  readonly browser: Browser;
}

async function measure({ served, tensorBoard, browser }: Programs, rounds: number): Promise<HistoryResults> {
  const ids = Array.from({ length: COMPARED }, (_, i) => (i * RUNS) / COMPARED);
  const runIds = ids.map((index) => `history${String(index).padStart(6, '0')}`);
  const contestants = [
    studioContestant(served.address, runIds),
    tensorBoardContestant(tensorBoard.address, runIds),
  ];
  const times: ScreenTimes[][] = contestants.map(() => []);
  const loads: number[] = [];
  const listMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    loads.push(loadavg()[0]!);
    listMs.push(await timeList(browser, served.address));
    for (const [i, contestant] of contestants.entries()) {
      const found = await contestant.measure(browser);
      times[i]!.push(found);
      tell(`Round ${round + 1}, ${contestant.name}: ${JSON.stringify(found)}`);
    }
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    machine: machineLine(),
    loads,
    runs: RUNS,
    points: POINTS,
    compared: COMPARED,
    tensorBoardVersion: tensorBoard.version,
    tensorBoardReadingMs: tensorBoard.readingMs,
    studio: times[0]!,
    tensorBoard: times[1]!,
    listMs,
  };
}

async function write(results: HistoryResults, quick: boolean): Promise<void> {
  const report = formatHistoryReport(results);
  process.stdout.write(report);
  if (quick) return writeFile(join(cacheDirectory(), 'bench', 'benchmarks-history.md'), report);
  const docs = join(projectRoot(), 'docs');
  await writeFile(join(docs, 'benchmarks-history.md'), report);
  const whole = await readFile(join(docs, 'benchmarks.md'), 'utf8');
  await writeFile(join(docs, 'benchmarks.md'), withSection(whole, HISTORY_HEADING, formatSummary(results)));
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
});
const directory = join(cacheDirectory(), 'bench');
const python = await installTensorBoard(directory, tell);
const home = await ensureHistory(directory);
const events = await ensureEvents(python, home);
tell('TensorBoard reads the events ...');
const tensorBoard = await startTensorBoard(python, events, RUNS);
const served = await serveStudio({
  path: home,
  environment: { EPOCH_STUDIO_HOME: home },
  remove: () => undefined,
});
const browser = await launchBrowser();
try {
  await write(
    await measure({ served, tensorBoard, browser }, values.quick ? 1 : Number(values.rounds)),
    values.quick,
  );
} finally {
  await browser.close();
  await served.stop();
  await tensorBoard.stop();
}
