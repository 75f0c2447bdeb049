import { app, BrowserWindow, dialog, session } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createElectronHost } from './host/electron-host.ts';
import { dataDirectory, projectRoot } from './host/paths.ts';
import { rendererDirectory } from './host/renderer-files.ts';
import { studioEnvironment } from './host/studio-environment.ts';
import { superviseStudio, type StudioState, type SupervisedStudio } from './host/supervise.ts';
import { registerAppScheme, serveApp } from './window/app-protocol.ts';
import { createWindow } from './window/create-window.ts';
import { installMenu } from './window/menu.ts';
import { restrictContents, restrictSession } from './window/restrictions.ts';
import { openWindowDoor } from './window/window-door.ts';

const root = projectRoot();

function startStudio(): SupervisedStudio {
  return superviseStudio(createElectronHost(), {
    environment: studioEnvironment('window'),
    onState: tellWhenLost,
  });
}

function tellWhenLost(state: StudioState): void {
  if (state !== 'lost') return;
  dialog.showErrorBox(
    'The studio process does not start',
    'It ended right after each start. What was stored is safe. Start the program from a terminal to see why.',
  );
}

/** Ends the studio process politely before the program ends: runs stop at their last checkpoint. */
function endWith(studio: SupervisedStudio): void {
  let ended = false;
  app.on('before-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    ended = true;
    void studio.stop().then(() => app.quit());
  });
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    createWindow(root);
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function main(): Promise<void> {
  // The single-instance lock lies here: one window program per history.
  const profile = join(dataDirectory(), 'window');
  mkdirSync(profile, { recursive: true });
  app.setPath('userData', profile);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  registerAppScheme();
  restrictContents(app, (route) => void createWindow(root, route));
  app.on('second-instance', focusWindow);
  app.on('activate', focusWindow);
  app.on('window-all-closed', () => app.quit());
  await app.whenReady();
  const studio = startStudio();
  endWith(studio);
  restrictSession(session.defaultSession);
  serveApp(rendererDirectory(root));
  openWindowDoor(studio);
  installMenu(() => void createWindow(root));
  createWindow(root);
}

void main();
