import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunDetail, RunId } from '../../shared/schema/run.ts';
import { describeDiskFault } from '../data/atomic-file.ts';
import { RunArchive } from '../report/archive/read-archive.ts';
import { archiveFiles, artifactsOf, trimCheckpoints } from '../report/archive/write-archive.ts';
import { zipFiles, zipStream } from '../report/zip.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { StudioSurroundings } from './surroundings.ts';

/** The calls that carry runs from one studio to another. */
export type ArchiveCalls = Pick<StudioHandlers, 'runs.exportArchive' | 'runs.importArchive'>;

type Surroundings = Pick<StudioSurroundings, 'appVersion' | 'publish'>;

/** More than this does not go through a window as one piece; the command line writes any size. */
const MOST_BYTES = 256 * 2 ** 20;

const ENDED: readonly RunDetail['summary']['state'][] = ['finished', 'failed', 'cancelled'];

function requireEnded({ summary }: RunDetail): void {
  if (ENDED.includes(summary.state)) return;
  throw new StudioError(
    'conflict',
    `archive: run ${summary.id} is ${summary.state}; let it finish or cancel it, then export it`,
    { runId: summary.id },
  );
}

function refuseTooLarge(runs: readonly RunDetail[]): void {
  const sizeBytes = runs.flatMap(artifactsOf).reduce((sum, artifact) => sum + artifact.sizeBytes, 0);
  if (sizeBytes <= MOST_BYTES) return;
  throw new StudioError(
    'unsupported',
    `archive: these runs have ${sizeBytes} bytes of files, at most ${MOST_BYTES} go through a window; export fewer runs, ` +
      'or use the command line: export runs ID... --out FILE',
    { sizeBytes, mostBytes: MOST_BYTES },
  );
}

/** Whole or not at all: under another name until the last byte is there. */
async function writeArchive(path: string, stream: NodeJS.ReadableStream): Promise<number> {
  const unfinished = `${path}.part`;
  try {
    await pipeline(stream, createWriteStream(unfinished));
    await rename(unfinished, path);
    return (await stat(path)).size;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw describeDiskFault(error, path);
  }
}

function isKnown(store: OpenStore, id: RunId): boolean {
  try {
    store.runs.getSummary(id);
    return true;
  } catch {
    return false;
  }
}

/** Files first, then the run that names them; without the run nothing is left. */
async function takeIn(store: OpenStore, archive: RunArchive, run: RunDetail): Promise<void> {
  const { id } = run.summary;
  const files = artifactsOf(run);
  const stray = files.find(({ path }) => !path.startsWith(`runs/${id}/`));
  if (stray !== undefined) {
    throw new StudioError(
      'data-damaged',
      `archive: run ${id} names ${stray.path}, which is not in its own folder; export the run again where it was made`,
    );
  }
  try {
    for (const artifact of files) {
      await store.artifacts.write(artifact.kind, artifact.path, await archive.read(artifact));
    }
    store.runs.importRun(run);
  } catch (error) {
    await store.artifacts.removeRun(id);
    throw error;
  }
}

/** The handlers. */
export function createArchiveCalls(store: OpenStore, { appVersion, publish }: Surroundings): ArchiveCalls {
  return {
    'runs.exportArchive': async ({ runIds, checkpoints, path }) => {
      const runs = runIds.map((id) => trimCheckpoints(store.runs.getDetail(id), checkpoints));
      runs.forEach(requireEnded);
      const files = archiveFiles(runs, store.artifacts, appVersion);
      if (path !== null) return { file: null, sizeBytes: await writeArchive(path, zipStream(files)) };
      refuseTooLarge(runs);
      const bytes = await zipFiles(files);
      const name = runs.length === 1 ? `run-${runIds[0] ?? ''}.zip` : `${runs.length}-runs.zip`;
      return { file: { name, mediaType: 'application/zip', bytes }, sizeBytes: bytes.length };
    },
    'runs.importArchive': async ({ path }) => {
      const archive = await RunArchive.open(path);
      const taken: { runIds: RunId[]; skipped: RunId[] } = { runIds: [], skipped: [] };
      try {
        for (const run of archive.manifest.runs) {
          const { id } = run.summary;
          if (isKnown(store, id)) taken.skipped.push(id);
          else {
            await takeIn(store, archive, run);
            taken.runIds.push(id);
          }
        }
      } finally {
        archive.close();
        if (taken.runIds.length > 0) publish('runs.invalidated', {});
      }
      return taken;
    },
  };
}
