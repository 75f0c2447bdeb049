import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunDetail, RunId } from '../../shared/schema/run.ts';
import type { StudyId, StudyState, WholeStudy } from '../../shared/schema/study.ts';
import { describeDiskFault } from '../data/atomic-file.ts';
import { RunArchive } from '../report/archive/read-archive.ts';
import {
  archiveFiles,
  artifactsOf,
  trimCheckpoints,
  type Archived,
} from '../report/archive/write-archive.ts';
import { zipFiles, zipStream } from '../report/zip.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { StudioSurroundings } from './surroundings.ts';

/** The calls that carry runs and studies from one studio to another. */
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

function requireAtRest(id: StudyId, state: StudyState): void {
  if (state !== 'running') return;
  throw new StudioError('conflict', `archive: study ${id} is running; pause it, then export it`, {
    studyId: id,
  });
}

function wholeStudy({ studies }: OpenStore, id: StudyId): WholeStudy {
  const detail = studies.getDetail(id);
  requireAtRest(id, detail.summary.state);
  const trials = studies.trials(id, 0, Number.MAX_SAFE_INTEGER);
  return { ...detail, trials, folds: studies.folds(id, null) };
}

/** The runs that opened a study's test part, as far as they are still there and have ended. */
function openedRuns({ runs }: OpenStore, { openings }: WholeStudy): RunId[] {
  return openings
    .flatMap(({ runIds }) => runIds)
    .filter((id) => isKnown(runs, id) && ENDED.includes(runs.getSummary(id).state));
}

type ExportParams = Parameters<ArchiveCalls['runs.exportArchive']>[0];

/** @throws StudioError `invalid-input` for nothing, `conflict` for what is still worked on */
function gather(store: OpenStore, { runIds, studyIds, checkpoints }: ExportParams): Archived {
  if (runIds.length + studyIds.length === 0) {
    throw new StudioError('invalid-input', 'archive: found no run and no study to export, expected some ids');
  }
  const studies = studyIds.map((id) => wholeStudy(store, id));
  const wanted = new Set([...runIds, ...studies.flatMap((study) => openedRuns(store, study))]);
  const runs = [...wanted].map((id) => trimCheckpoints(store.runs.getDetail(id), checkpoints));
  runs.forEach(requireEnded);
  return { runs, studies };
}

/** What an archive is called where nobody names it. */
function archiveName({ runIds, studyIds }: ExportParams): string {
  const [study] = studyIds;
  if (study !== undefined)
    return studyIds.length === 1 ? `study-${study}.zip` : `${studyIds.length}-studies.zip`;
  return runIds.length === 1 ? `run-${runIds[0] ?? ''}.zip` : `${runIds.length}-runs.zip`;
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

function isKnown(store: { getSummary(id: string): unknown }, id: string): boolean {
  try {
    store.getSummary(id);
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

/** What came in so far. */
interface Taken {
  readonly runIds: RunId[];
  readonly studyIds: StudyId[];
  readonly skipped: string[];
}

/** Runs before the studies that name them. */
async function takeAllIn(store: OpenStore, archive: RunArchive, taken: Taken): Promise<void> {
  const { runs, studies } = archive.manifest;
  for (const run of runs) {
    const { id } = run.summary;
    if (isKnown(store.runs, id)) taken.skipped.push(id);
    else {
      await takeIn(store, archive, run);
      taken.runIds.push(id);
    }
  }
  for (const study of studies) {
    const { id } = study.summary;
    if (isKnown(store.studies, id)) taken.skipped.push(id);
    else {
      store.studies.importStudy(study);
      taken.studyIds.push(id);
    }
  }
}

/** The handlers. */
export function createArchiveCalls(store: OpenStore, { appVersion, publish }: Surroundings): ArchiveCalls {
  return {
    'runs.exportArchive': async (params) => {
      const { path } = params;
      const archived = gather(store, params);
      const files = archiveFiles(archived, store.artifacts, appVersion);
      if (path !== null) return { file: null, sizeBytes: await writeArchive(path, zipStream(files)) };
      refuseTooLarge(archived.runs);
      const bytes = await zipFiles(files);
      return {
        file: { name: archiveName(params), mediaType: 'application/zip', bytes },
        sizeBytes: bytes.length,
      };
    },
    'runs.importArchive': async ({ path }) => {
      const archive = await RunArchive.open(path);
      const taken: Taken = { runIds: [], studyIds: [], skipped: [] };
      try {
        await takeAllIn(store, archive, taken);
      } finally {
        archive.close();
        if (taken.runIds.length + taken.studyIds.length > 0) publish('runs.invalidated', {});
      }
      return taken;
    },
  };
}
