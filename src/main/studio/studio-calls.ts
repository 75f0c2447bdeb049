import { statfs } from 'node:fs/promises';
import type { StudioHandlers, StudioInfo } from '../../shared/ipc/contract.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { SettingsFile } from './settings-file.ts';
import type { StudioSurroundings } from './surroundings.ts';

/** The calls about the studio itself: facts, notices, backups, settings. */
export type StudioCalls = Pick<
  StudioHandlers,
  | 'studio.info'
  | 'studio.notices'
  | 'studio.dismissNotice'
  | 'studio.restoreBackup'
  | 'studio.createBackup'
  | 'settings.get'
  | 'settings.set'
>;

export function createStudioCalls(
  surroundings: StudioSurroundings,
  store: OpenStore,
  settings: SettingsFile,
  notices: NoticeBoard,
): StudioCalls {
  return {
    'studio.info': () => readInfo(surroundings, store),
    'studio.notices': () => notices.list(),
    'studio.dismissNotice': ({ id }) => {
      notices.dismiss(id);
      return {};
    },
    'studio.restoreBackup': async ({ backupPath }) => {
      const replaced = await store.restoreBackup(backupPath);
      settleRestore(notices, replaced);
      surroundings.publish('runs.invalidated', {});
      return {};
    },
    'studio.createBackup': () => store.createBackup(),
    'settings.get': () => settings.get(),
    'settings.set': (next) => settings.set(next),
  };
}

async function readInfo(surroundings: StudioSurroundings, store: OpenStore): Promise<StudioInfo> {
  const { appVersion, door, dataDirectory, cacheDirectory } = surroundings;
  const disk = await statfs(dataDirectory);
  return {
    appVersion,
    door,
    platform: `${process.platform} ${process.arch}`,
    nodeVersion: process.versions.node,
    dataDirectory,
    cacheDirectory,
    databaseBytes: store.databaseBytes(),
    artifactBytes: await store.artifacts.sizeBytes(),
    freeBytes: disk.bavail * disk.bsize,
  };
}

function settleRestore(notices: NoticeBoard, replaced: string): void {
  notices.dismiss('history-damaged');
  notices.post({
    id: 'history-restored',
    level: 'info',
    title: 'The run history was restored',
    text: `The history it replaced was kept as ${replaced}.`,
    action: null,
  });
}
