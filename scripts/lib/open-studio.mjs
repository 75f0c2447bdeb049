import { spawn } from 'node:child_process';
import { forwardSignals, run } from './command.mjs';
import { CLI_PROGRAM, ROOT } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { say } from './say.mjs';
import { hasDisplay } from './system-programs.mjs';

/** A window that failed so soon never opened. */
const OPENING_MS = 5_000;

/**
 * Opens the window and waits until it is closed.
 * @param {string} electron path of the executable
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, opened: boolean }>} the exit code, and whether there was a window at all
 */
export async function openWindow(electron, args) {
  say('Opening the window ...');
  const startedMs = Date.now();
  // Chromium's sandbox cannot work for root, and ends the program.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { code } = await run(electron, [...asRoot, ROOT, ...args], { output: 'inherit' });
  return { code, opened: code === 0 || Date.now() - startedMs > OPENING_MS };
}

/**
 * Serves the studio to this machine's browser until it is stopped with Ctrl+C; opens the browser where there is a
 * display to open it on.
 * @param {readonly string[]} args passed to `serve`
 * @returns {Promise<number>} the exit code
 */
export function serveInBrowser(args) {
  const child = spawn(projectNode(), [CLI_PROGRAM, 'serve', ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let printed = '';
  let opened = !hasDisplay();
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    process.stdout.write(text);
    printed = opened ? '' : printed + text;
    const address = /http:\/\/\S+(?=\s)/.exec(printed)?.[0];
    if (address === undefined || opened) return;
    opened = true;
    openBrowser(address);
  });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      stopForwarding();
      resolve(code ?? 128);
    });
  });
}

/** @type {Readonly<Record<string, readonly [string, ...string[]]>>} */
const OPENERS = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''], linux: ['xdg-open'] };

/** @param {string} address */
function openBrowser(address) {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const browser = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  // The address is printed anyway.
  browser.on('error', () => undefined);
  browser.unref();
}
