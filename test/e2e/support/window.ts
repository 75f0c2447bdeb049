import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { ensureElectronForTests } from '../../../scripts/lib/electron-for-tests.mjs';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import type { Display } from './display.ts';
import type { TemporaryHome } from './home.ts';

/**
 * Only the outer sandbox goes, which cannot work for root in a container; the page's stays asked for. A virtual display
 * has no GPU: its process would fail and be started anew until Chromium gives up and ends the program.
 */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/** A window takes one second here; under much load, ten. */
const WINDOW_MS = 60_000;

const KEPT_WORDS = 40;

/** The studio in a real Electron window. */
export interface StudioWindow {
  readonly application: ElectronApplication;
  readonly page: Page;
  /** Quits as a user does, and waits until every process of it is gone. */
  close(): Promise<void>;
}

/**
 * Opens the built studio in Electron on a display. The caller closes it.
 * @throws Error when no Electron can be had or no window comes
 */
export async function openStudioWindow(home: TemporaryHome, display: Display): Promise<StudioWindow> {
  const electron = await ensureElectronForTests();
  if (electron.path === null) throw new Error(`end-to-end tests: no Electron: ${electron.reason}`);
  const { path } = electron;
  // Electron 22 under a debugger has once, on a fresh machine, not answered it: the program itself is not to blame.
  return launch(path, home, display).catch((error: unknown) => {
    console.warn(`end-to-end tests: Electron did not open a window, trying once more: ${String(error)}`);
    return launch(path, home, display);
  });
}

async function launch(executablePath: string, home: TemporaryHome, display: Display): Promise<StudioWindow> {
  const application = await _electron.launch({
    executablePath,
    args: [...QUIET, ROOT],
    env: { ...definedEnvironment(), ...home.environment, ...display.environment },
    timeout: WINDOW_MS,
  });
  watchItsEnd(application);
  try {
    const page = await application.firstWindow({ timeout: WINDOW_MS });
    return { application, page, close: () => application.close() };
  } catch (error) {
    application.process().kill('SIGKILL');
    throw error;
  }
}

/** A window that goes before it is told to says why: its last words, and how its process ended. */
function watchItsEnd(application: ElectronApplication): void {
  const lastWords: string[] = [];
  const child = application.process();
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords.push(chunk.toString());
    if (lastWords.length > KEPT_WORDS) lastWords.shift();
  });
  child.once('exit', (code, signal) => {
    if (code === 0) return;
    console.warn(`end-to-end tests: Electron ended with ${String(signal ?? code)}:\n${lastWords.join('')}`);
  });
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
