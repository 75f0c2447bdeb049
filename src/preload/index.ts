import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { channels } from '../shared/ipc/channels.ts';
import type { Transport } from '../shared/ipc/derive.ts';

/** All that a page gets of Electron: calls of the contract and its events. */
const transport: Transport = {
  invoke: (name, params) => ipcRenderer.invoke(channels.invoke, name, params),
  subscribe(name, listener) {
    const receive = (_: IpcRendererEvent, event: unknown, payload: unknown): void => {
      if (event === name) listener(payload);
    };
    ipcRenderer.on(channels.event, receive);
    return () => void ipcRenderer.off(channels.event, receive);
  },
};

contextBridge.exposeInMainWorld('studio', transport);
