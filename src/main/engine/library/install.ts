import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { InstallProgress } from '../../../shared/schema/engine.ts';
import { downloadWheel } from './pip.ts';
import { currentPlatform, pinnedWheel, type PinnedWheel } from './pinned.ts';
import { ProgressReporter } from './progress.ts';
import { requireChecksum, unpackLibrary } from './unpack.ts';

/** What an install needs. */
export interface InstallOptions {
  readonly cacheDirectory: string;
  readonly onProgress: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
  /** Another wheel than this platform's pinned one; for tests. */
  readonly wheel?: PinnedWheel;
}

function requireWheel(): PinnedWheel {
  const wheel = pinnedWheel();
  if (wheel) return wheel;
  throw new StudioError(
    'unsupported',
    `Library install: found the platform ${currentPlatform()}, expected linux-x64, linux-arm64 or darwin-arm64; the ` +
      'engine "wasm" runs everywhere.',
  );
}

/** Runs an install and reports its end, good or bad. */
async function reportEnd<T>(
  { onProgress, signal }: InstallOptions,
  body: (reporter: ProgressReporter) => Promise<T>,
) {
  const reporter = new ProgressReporter(onProgress);
  try {
    const result = await body(reporter);
    reporter.end('done');
    return result;
  } catch (error) {
    if (!signal?.aborted) {
      reporter.end('failed', (error as Error).message);
      throw error;
    }
    const cancelled = new StudioError('cancelled', 'Library install: cancelled; nothing was changed.');
    reporter.end('cancelled', cancelled.message);
    throw cancelled;
  }
}

/**
 * Fetches TensorFlow's wheel by pip, checks it and unpacks the two libraries into the cache. The only place of the
 * engine that opens a connection, through pip, and only when called.
 * @returns the library's folder
 * @throws StudioError, see {@link downloadWheel} and {@link unpackLibrary}; an earlier library stays as it was
 */
export async function installLibrary(options: InstallOptions): Promise<string> {
  const { cacheDirectory, signal } = options;
  return reportEnd(options, async (reporter) => {
    const wheel = options.wheel ?? requireWheel();
    await mkdir(cacheDirectory, { recursive: true });
    const downloads = await mkdtemp(path.join(cacheDirectory, '.download-'));
    try {
      reporter.begin('download', wheel.sizeBytes);
      const file = await downloadWheel(wheel, downloads, (bytes) => reporter.update(bytes), signal);
      await requireChecksum(file, wheel, reporter, signal);
      return await unpackLibrary(file, wheel, currentPlatform(), cacheDirectory, reporter, signal);
    } finally {
      await rm(downloads, { recursive: true, force: true });
    }
  });
}

/**
 * Installs from a file the user has: TensorFlow's wheel, or any zip that holds both libraries. The libraries'
 * checksums are compared with the pinned ones. Opens no connection.
 * @returns the library's folder
 */
export async function importLibraryPack(file: string, options: InstallOptions): Promise<string> {
  const { cacheDirectory, signal } = options;
  return reportEnd(options, (reporter) =>
    unpackLibrary(file, options.wheel ?? requireWheel(), currentPlatform(), cacheDirectory, reporter, signal),
  );
}
