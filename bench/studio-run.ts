import { readdir, readFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../src/main/cli/session.ts';
import type { StudioClient } from '../src/shared/ipc/contract.ts';
import type { RunDetail } from '../src/shared/schema/run.ts';
import { models, type Amount, type Contestant, type Measurement, type ModelName } from './contestants.ts';
import { benchExperiment, BENCH_SEED } from './inputs.ts';
import { ContestantError } from './run-program.ts';

/** Epochs of the real run; the first compiles and is left out of the throughput. */
const fullEpochs: Readonly<Record<ModelName, number>> = { mlp: 21, cnn: 2 };
const MEMORY_POLL_MS = 100;

/** Parent of a process and its command line, from Linux's /proc. */
async function readProcess(pid: string): Promise<{ parent: number; command: string } | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return { parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), command };
  } catch {
    return null;
  }
}

/** The trainer process below `ancestor`, or null; also null where there is no /proc. */
async function findTrainer(ancestor: number): Promise<string | null> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const processes = new Map<number, { pid: string; parent: number; command: string }>();
  for (const pid of pids) {
    const found = await readProcess(pid);
    if (found !== null) processes.set(Number(pid), { pid, ...found });
  }
  for (const candidate of processes.values()) {
    if (!candidate.command.includes('trainer.cjs')) continue;
    let parent = candidate.parent;
    while (parent > 1 && parent !== ancestor) parent = processes.get(parent)?.parent ?? 0;
    if (parent === ancestor) return candidate.pid;
  }
  return null;
}

async function readPeakMemory(pid: string): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? null : 1_024 * Number(kilobytes);
}

/** Keeps reading the trainer's high-water mark until stopped. */
class MemoryWatch {
  #peakBytes: number | null = null;
  #pid: string | null = null;
  readonly #timer = setInterval(() => void this.#read(), MEMORY_POLL_MS);

  async #read(): Promise<void> {
    this.#pid ??= await findTrainer(process.pid);
    if (this.#pid === null) return;
    this.#peakBytes = (await readPeakMemory(this.#pid)) ?? this.#peakBytes;
  }

  stop(): number | null {
    clearInterval(this.#timer);
    return this.#peakBytes;
  }
}

/** Moments at which epochs came to be known as stored, by the client's own clock. */
interface FollowedRun {
  readonly storedAtMs: readonly number[];
  readonly detail: RunDetail;
}

function followRun(client: StudioClient, start: () => Promise<string>): Promise<FollowedRun> {
  return new Promise((resolve, reject) => {
    const storedAtMs: number[] = [];
    const epochs = client.subscribe('run.epoch', () => storedAtMs.push(performance.now()));
    const changes = client.subscribe('run.changed', (run) => {
      if (!['finished', 'failed', 'cancelled', 'crashed'].includes(run.state)) return;
      epochs();
      changes();
      if (run.state !== 'finished') {
        return reject(
          new ContestantError(`Epoch Studio: the run ${run.state} (${run.failure?.message ?? ''})`),
        );
      }
      client.invoke('runs.get', { runId: run.id }).then((detail) => resolve({ storedAtMs, detail }), reject);
    });
    start().catch(reject);
  });
}

function versionsOf({ provenance }: RunDetail): Record<string, string> {
  if (provenance === null) return {};
  const { engine, executor, stepsPerCall, appVersion } = provenance;
  return {
    'epoch-studio': appVersion,
    [engine.kind]: engine.version,
    executor: `${executor}, ${stepsPerCall} steps per call`,
  };
}

function summarise({ storedAtMs, detail }: FollowedRun, peakMemoryBytes: number | null): Measurement {
  const [first = 0] = storedAtMs;
  const seconds = ((storedAtMs.at(-1) ?? 0) - first) / 1_000;
  const epochs = storedAtMs.length - 1;
  const images = 60_000 * epochs;
  return {
    images,
    epochs,
    seconds,
    imagesPerSecond: images / seconds,
    peakMemoryBytes,
    losses: [],
    compileSeconds: Math.max(0, (detail.epochs[0]?.durationMs ?? 0) / 1_000 - seconds / epochs),
    versions: versionsOf(detail),
  };
}

async function measureRun(root: string, model: ModelName, amount: Amount): Promise<Measurement> {
  const epochs = amount.seconds === 0 ? 2 : fullEpochs[model];
  const experiment = await benchExperiment(root, model, epochs);
  const directory = await mkdtemp(join(tmpdir(), 'epoch-studio-bench-'));
  const session = openSession(directory);
  const memory = new MemoryWatch();
  try {
    const start = async (): Promise<string> =>
      (await session.client.invoke('runs.start', { experiment, seed: BENCH_SEED })).runId;
    const followed = await Promise.race([followRun(session.client, start), session.lost]);
    return summarise(followed, memory.stop());
  } finally {
    memory.stop();
    await session.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The studio itself: studio and trainer processes, the contract, history, checkpoints and metrics written as for any
 * run. Throughput is taken from the moment the first epoch is known as stored to the moment the last one is.
 */
export function studioContestant(root: string): Contestant {
  return {
    name: 'Epoch Studio',
    variant: 'runs.start',
    models,
    measure: (model, amount) => measureRun(root, model, amount),
  };
}
