/**
 * `npm start`: sets up what is missing and opens the studio: in its window, or in the browser where no Electron or
 * no display is to be had. `npm start -- --browser` serves the browser anyway; other words go to the studio.
 */
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureElectron } from './lib/electron-binary.mjs';
import { ensureEngineLibrary } from './lib/engine-library.mjs';
import { openWindow, serveInBrowser } from './lib/open-studio.mjs';
import { reasonOf, say } from './lib/say.mjs';
import { hasDisplay } from './lib/system-programs.mjs';

const BROWSER = '--browser';

/** @param {readonly string[]} words */
async function start(words) {
  const args = words.filter((word) => word !== BROWSER);
  await ensureDependencies();
  await ensureBuild();
  await ensureEngineLibrary({ again: false });
  if (words.includes(BROWSER)) return serveInBrowser(args);
  if (!hasDisplay()) return serveBecause('there is no display for a window', args);
  const electron = await ensureElectron();
  if (electron.path === null) return serveBecause(`Electron cannot be had: ${electron.reason}`, args);
  const { code, opened } = await openWindow(electron.path, args);
  return opened ? code : serveBecause(`Electron ended at once with exit code ${String(code)}`, args);
}

/**
 * @param {string} reason
 * @param {readonly string[]} args
 */
function serveBecause(reason, args) {
  say(`The studio opens in the browser, because ${reason}.`);
  return serveInBrowser(args);
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  say(reasonOf(error));
  process.exitCode = 1;
}
