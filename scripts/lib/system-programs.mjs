import { existsSync } from 'node:fs';
import { findOnPath, run } from './command.mjs';
import { lastLines, say } from './say.mjs';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {Promise<string | null>} path of a Chromium or Chrome on this machine */
export async function findChromium() {
  for (const name of CHROMIUM_NAMES) {
    const path = await findOnPath(name);
    if (path !== null) return path;
  }
  return CHROMIUM_PLACES.find((place) => existsSync(place)) ?? null;
}

/**
 * Is a display at hand, on which a window could open?
 * @param {NodeJS.ProcessEnv} environment
 */
export function hasDisplay(environment = process.env) {
  if (process.platform !== 'linux') return true;
  return Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY);
}

/**
 * What the end-to-end tests need from the system: a Chromium, on Linux a virtual display, a reader of PDFs and LaTeX.
 * As root on Debian and its kin they are installed; elsewhere the answer says what is missing.
 * @returns {Promise<string[]>} what is still missing, in words
 */
export async function ensureTestPrograms() {
  const missing = await missingPackages();
  if (missing.length > 0 && (await canInstall())) await install(missing);
  return missingPackages();
}

/** @returns {Promise<string[]>} Debian's package names */
async function missingPackages() {
  const missing = [];
  if ((await findChromium()) === null) missing.push('chromium');
  if (process.platform === 'linux' && (await findOnPath('Xvfb')) === null) missing.push('xvfb');
  if ((await findOnPath('pdftoppm')) === null) missing.push('poppler-utils');
  // The second holds booktabs.
  if ((await findOnPath('pdflatex')) === null)
    missing.push('texlive-latex-base', 'texlive-latex-recommended');
  return missing;
}

async function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && (await findOnPath('apt-get')) !== null;
}

/** @param {readonly string[]} packages */
async function install(packages) {
  say(`Installing ${packages.join(' and ')} for the end-to-end tests ...`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  const result = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
  });
  if (result.code !== 0) say(`apt-get could not install them: ${lastLines(result.stderr)}`);
}
