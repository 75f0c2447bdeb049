import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runProgram } from '../run-program.ts';

/** A running TensorBoard that has read everything. */
export interface RunningTensorBoard {
  readonly address: string;
  readonly version: string;
  /** From its start until it had read every run. */
  readonly readingMs: number;
  stop(): Promise<void>;
}

const READING_PATIENCE_MS = 600_000;
const POLL_MS = 500;

/** Event files of a history's points, written once. @returns their folder */
export async function ensureEvents(python: string, history: string): Promise<string> {
  const folder = join(dirname(history), `${basename(history)}-events`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.making`;
  await rm(unfinished, { recursive: true, force: true });
  const script = join(import.meta.dirname, '..', 'peers', 'tensorboard_events.py');
  const options = { timeoutMs: READING_PATIENCE_MS, label: 'event files' };
  await runProgram(python, [script, join(history, 'history.db'), unfinished], options);
  await rename(unfinished, folder);
  return folder;
}

/** Starts TensorBoard with its fast data server and waits until it has read all runs. The caller stops it. */
export async function startTensorBoard(
  python: string,
  events: string,
  runs: number,
): Promise<RunningTensorBoard> {
  const begun = performance.now();
  const args = ['-m', 'tensorboard.main', '--logdir', events, '--host', '127.0.0.1', '--port', '0'];
  const child = spawn(python, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [version, address] = await firstAddress(child);
  await waitForRuns(address, runs);
  return {
    address,
    version,
    readingMs: performance.now() - begun,
    async stop() {
      child.kill('SIGINT');
      await once(child, 'close');
    },
  };
}

async function firstAddress(child: ChildProcess): Promise<readonly [version: string, address: string]> {
  let said = '';
  for await (const text of child.stderr!.setEncoding('utf8')) {
    said += text as string;
    const found = /TensorBoard (\S+) at (http\S+)/.exec(said);
    if (found !== null) {
      child.stderr!.resume();
      return [found[1]!, found[2]!];
    }
  }
  throw new Error(`benchmark: TensorBoard ended before it named its address: ${said}`);
}

async function waitForRuns(address: string, wanted: number): Promise<void> {
  const deadline = performance.now() + READING_PATIENCE_MS;
  let before = '';
  while (performance.now() < deadline) {
    const runs = (await (await fetch(new URL('data/runs', address))).json()) as unknown[];
    const tags = await (await fetch(new URL('data/plugin/timeseries/tags', address))).text();
    if (runs.length === wanted && tags === before) return;
    before = tags;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(
    `benchmark: TensorBoard did not read ${wanted} runs in ${READING_PATIENCE_MS / 60_000} min`,
  );
}
