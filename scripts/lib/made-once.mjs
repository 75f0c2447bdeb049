import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Fills a folder whole or not at all: made under a temporary name beside it, then renamed. An existing folder is
 * left as it is; when two processes make it at once, the first one's stays.
 * @param {string} folder absolute
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function makeOnce(folder, fill) {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.making-`);
  try {
    await fill(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
