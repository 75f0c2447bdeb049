import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * One hash over the contents and names of files and folders.
 * @param {readonly string[]} paths relative to the repository's root
 * @param {(path: string) => boolean} [keep] which files count, by path with forward slashes
 * @returns {Promise<string>} hexadecimal SHA-256
 */
export async function hashFiles(paths, keep = () => true) {
  const found = await Promise.all(paths.map((path) => listFiles(join(ROOT, path))));
  const names = found
    .flat()
    .map((path) => relative(ROOT, path).split(sep).join('/'))
    .filter(keep)
    .sort();
  const hash = createHash('sha256');
  for (const name of names) {
    hash.update(`${name}\0`).update(await readFile(join(ROOT, name)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} path a file or a folder
 * @returns {Promise<string[]>}
 */
async function listFiles(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch((/** @type {unknown} */ error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return null;
    throw error;
  });
  if (entries === null) return [path];
  const nested = entries.map(async (entry) => {
    const inside = join(path, entry.name);
    return entry.isDirectory() ? listFiles(inside) : [inside];
  });
  return (await Promise.all(nested)).flat();
}

/**
 * What was written last time.
 * @param {string} path absolute
 * @returns {Promise<string | null>} null if there is none
 */
export async function readStamp(path) {
  return readFile(path, 'utf8').catch(() => null);
}

/**
 * Writes a stamp whole or not at all.
 * @param {string} path absolute
 * @param {string} value
 */
export async function writeStamp(path, value) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${String(process.pid)}.tmp`;
  await writeFile(temporary, value);
  await rename(temporary, path);
}
