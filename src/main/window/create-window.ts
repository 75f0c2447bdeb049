import { app, BrowserWindow, nativeTheme } from 'electron';
import { join } from 'node:path';
import { appAddress } from './app-address.ts';

/** The page's own background, so that a window does not flash while it loads. */
const background = { light: '#ffffff', dark: '#16181d' } as const;

/**
 * Opens a window on a route of the renderer.
 * @param root the project's folder, where the built preload lies
 * @param route such as "#/runs"; empty for the start page
 */
export function createWindow(root: string, route = ''): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 820,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Epoch Studio',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: join(root, 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      // Curves keep moving while another window is in front.
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(appAddress(route));
  return window;
}
