import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { channels } from '../../shared/ipc/channels.ts';
import type { Reply } from '../../shared/ipc/message.ts';
import { appPath } from './app-address.ts';

/** Calls and events of the studio, as the window door relays them. */
export interface RelayedStudio {
  invoke(name: string, params: unknown): Promise<Reply>;
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
}

/** What is known of a message's sender; a part of Electron's event, so that it can be tested without one. */
export interface Sender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** Is it the main frame of one of our own pages? A frame that is already gone is not. */
export function isOwnPage({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && appPath(senderFrame.url) !== null;
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
