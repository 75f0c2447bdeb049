import type { Artifact } from '../../../shared/schema/artifact.ts';
import type { RunDetail } from '../../../shared/schema/run.ts';
import type { WholeStudy } from '../../../shared/schema/study.ts';
import type { ArtifactFiles } from '../../store/artifacts.ts';
import type { ArchivedFile } from '../zip.ts';
import { ARTIFACTS, MANIFEST, type ArchiveManifest } from './manifest.ts';

export type KeptCheckpoints = 'all' | 'best-and-last';

/** The run without the checkpoints that are not carried. */
export function trimCheckpoints(run: RunDetail, kept: KeptCheckpoints): RunDetail {
  if (kept === 'all') return run;
  const stored = run.epochs.filter(({ checkpoint }) => checkpoint !== null);
  const best = stored.findLast((epoch) => epoch.best);
  const last = stored.at(-1);
  const epochs = run.epochs.map((epoch) =>
    epoch === best || epoch === last ? epoch : { ...epoch, checkpoint: null },
  );
  return { ...run, epochs };
}

/** What goes into an archive. */
export interface Archived {
  readonly runs: readonly RunDetail[];
  readonly studies: readonly WholeStudy[];
}

/** Every file a run names. */
export function artifactsOf({ epochs, preprocessing }: RunDetail): Artifact[] {
  const checkpoints = epochs.flatMap(({ checkpoint }) => checkpoint ?? []);
  return preprocessing === null ? checkpoints : [...checkpoints, preprocessing];
}

/**
 * The files of an archive, one after the other: the manifest, then every artifact, read and checked when its turn comes.
 * @throws StudioError `data-damaged` for an artifact that is not what was stored
 */
export async function* archiveFiles(
  { runs, studies }: Archived,
  artifacts: ArtifactFiles,
  appVersion: string,
): AsyncGenerator<ArchivedFile> {
  const manifest: ArchiveManifest = {
    format: 'epoch-studio-runs',
    version: 1,
    appVersion,
    runs: [...runs],
    studies: [...studies],
  };
  yield { name: MANIFEST, bytes: Buffer.from(JSON.stringify(manifest), 'utf8') };
  for (const artifact of runs.flatMap(artifactsOf)) {
    yield { name: `${ARTIFACTS}${artifact.path}`, bytes: await artifacts.read(artifact) };
  }
}
