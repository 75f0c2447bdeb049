import { spawn } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { PinnedWheel } from './pinned.ts';

const POLL_MS = 250;
/** pip says why at the end of its output. */
const KEPT_OUTPUT_CHARACTERS = 2_000;

interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** How to call pip, best first. */
const CANDIDATES: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

function run(
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'], signal, env: environment });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Finds a pip that answers; null where there is none. */
export async function findPip(): Promise<readonly string[] | null> {
  for (const candidate of CANDIDATES) {
    const found = await run([...candidate, '--version'], process.env).catch(() => null);
    if (found?.code === 0) return candidate;
  }
  return null;
}

/** Arguments of `pip download` for exactly one pinned wheel; index, proxy and certificates are the user's own. */
export function downloadArguments(wheel: PinnedWheel, requirements: string, directory: string): string[] {
  return [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--no-input',
    '--quiet',
    `--platform=${wheel.pipPlatform}`,
    '--implementation=cp',
    `--python-version=${wheel.pythonVersion}`,
    `--dest=${directory}`,
    `--requirement=${requirements}`,
  ];
}

/** Bytes of all files under a folder; files that vanish meanwhile count nothing. */
async function folderBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function failure(wheel: PinnedWheel, { output }: Finished): StudioError {
  const wrongHash = /do not match the hashes/i.test(output);
  const details = { package: wheel.package, output };
  if (wrongHash) {
    const got = /Got\s+([0-9a-f]{64})/.exec(output)?.[1] ?? 'another';
    return new StudioError(
      'library-damaged',
      `Library install: the wheel of ${wheel.package} ${wheel.version} has sha256 ${got}, expected ${wheel.sha256}; ` +
        'check the package index that pip is set up for, or drop a library pack on the settings page.',
      details,
    );
  }
  const reason = output.trim().split('\n').at(-1) ?? 'no message';
  return new StudioError(
    'not-found',
    `Library install: pip could not fetch ${wheel.package} ${wheel.version} (${reason}); check the network and ` +
      "pip's index settings, or drop a library pack on the settings page.",
    details,
  );
}

/** Tells how much has arrived while pip works: it writes into its temporary folder first, then into ours. */
function watch(directory: string, onBytes: (bytes: number) => void): () => void {
  const timer = setInterval(() => void folderBytes(directory).then(onBytes), POLL_MS);
  return () => clearInterval(timer);
}

/**
 * Fetches a pinned wheel by pip into `directory`.
 * @param directory an empty folder of the caller's; pip's temporary files go there too
 * @returns the wheel's path
 * @throws StudioError `library-missing` without pip, `library-damaged` for a wrong checksum, `not-found` when pip
 * cannot get it; what `signal` aborts with
 */
export async function downloadWheel(
  wheel: PinnedWheel,
  directory: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const pip = await findPip();
  if (!pip) {
    throw new StudioError(
      'library-missing',
      'Library install: found no pip (python3 -m pip, pip3), expected one to fetch TensorFlow with; install Python 3 ' +
        'with pip, or drop a library pack on the settings page.',
    );
  }
  const requirements = path.join(directory, 'requirements.txt');
  await writeFile(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}${os.EOL}`);
  const stopWatching = watch(directory, onBytes);
  try {
    const command = [...pip, ...downloadArguments(wheel, requirements, directory)];
    const finished = await run(command, { ...process.env, TMPDIR: directory }, signal);
    if (finished.code !== 0) throw failure(wheel, finished);
    const file = (await readdir(directory)).find((name) => name.endsWith('.whl'));
    if (!file) throw failure(wheel, finished);
    return path.join(directory, file);
  } catch (error) {
    if (signal?.aborted)
      throw new StudioError('cancelled', 'Library install: cancelled; nothing was changed.');
    throw error;
  } finally {
    stopWatching();
  }
}
