import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { channels } from '../../shared/ipc/channels.ts';
import type { Reply } from '../../shared/ipc/message.ts';
import { isOwnPage } from './sender.ts';

/** Calls and events of the studio, as the window door relays them. */
export interface RelayedStudio {
  invoke(name: string, params: unknown): Promise<Reply>;
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
}

/** Relays calls from the windows' pages, after checking who sent them, and events to every window. */
export function openWindowDoor(studio: RelayedStudio): void {
  ipcMain.handle(channels.invoke, (event: IpcMainInvokeEvent, name: unknown, params: unknown) =>
    isOwnPage(event) && typeof name === 'string' ? studio.invoke(name, params) : refused,
  );
  studio.subscribeAll((name, payload) => {
    for (const window of BrowserWindow.getAllWindows()) {
      if (!window.webContents.isDestroyed()) window.webContents.send(channels.event, name, payload);
    }
  });
}

const refused: Reply = {
  ok: false,
  error: {
    code: 'forbidden',
    message:
      "window: found a call from a page that is not the studio's own, expected app://studio; reload the window",
    details: {},
  },
};
