import type { StudioNotice } from '../../shared/ipc/contract.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { RunSummary } from '../../shared/schema/run.ts';

/** The id of the notice that a run crashed; resuming the run settles it. */
export function crashNoticeId(runId: string): string {
  return `crashed-${runId}`;
}

/** Tells of a crashed run and offers to resume it. */
export function crashNotice(run: RunSummary, reason: string): StudioNotice {
  return {
    id: crashNoticeId(run.id),
    level: 'warning',
    title: `${run.name} was interrupted`,
    text: `${reason} Its ${run.epochsDone} of ${run.epochsPlanned} epochs are stored; it can continue from its last checkpoint to the same numbers.`,
    action: { kind: 'resume-run', runId: run.id, label: 'Resume' },
  };
}

/** Tells that the history was damaged, where it went and, where there is one, offers the newest backup. */
export function damageNotice(damage: NonNullable<OpenStore['damage']>): StudioNotice {
  const wayOut =
    damage.newestBackup === null
      ? 'There is no backup.'
      : 'The newest backup can be restored; runs made since then would be missing.';
  return {
    id: 'history-damaged',
    level: 'error',
    title: 'The run history was damaged',
    text: `SQLite found: ${damage.finding}. The file was kept as ${damage.movedTo} and a new history begun. ${wayOut}`,
    action:
      damage.newestBackup === null
        ? null
        : { kind: 'restore-backup', backupPath: damage.newestBackup, label: 'Restore the newest backup' },
  };
}
