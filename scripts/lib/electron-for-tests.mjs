import { ensureElectron } from './electron-binary.mjs';
import { ensureTestElectron } from './electron-test-binary.mjs';

/** @typedef {import('./electron-binary.mjs').ElectronBinary} ElectronBinary */

/**
 * The Electron the window's tests run: the one users get where it can be had, else Electron 22.
 * @returns {Promise<ElectronBinary>}
 */
export async function ensureElectronForTests() {
  const shipped = await ensureElectron();
  if (shipped.path !== null) return shipped;
  const older = await ensureTestElectron();
  if (older.path !== null) return older;
  return { path: null, reason: `${shipped.reason}; ${older.reason}` };
}
