import { opendir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { openForReading, readRange } from '../files.ts';
import { codeOf, overLimit, readerError, type ReaderSource } from '../reader-error.ts';
import type { ImageFolderFiles } from './image-folder.ts';

/** Folders within folders that are gone into: train, class, and one more to be told about. */
const DEEPEST = 3;

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === '__MACOSX';
}

/** Files below a folder, depth first; links are passed over, so that there is no going round. */
async function* walk(folder: string, depth: number): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    if (isHidden(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth < DEEPEST) yield* walk(path, depth + 1);
  }
}

async function listFiles(root: string, maximumFiles: number, source: ReaderSource): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const path of walk(root, 0)) {
      if (paths.length === maximumFiles) throw overLimit(source, 'holds more files', maximumFiles);
      paths.push(relative(root, path).split(sep).join('/'));
    }
  } catch (cause) {
    if (codeOf(cause) === 'invalid-input') throw cause;
    const missing = codeOf(cause) === 'ENOENT';
    throw readerError(
      missing ? 'not-found' : 'invalid-input',
      source,
      missing ? 'is not there' : `cannot be read as a folder (${codeOf(cause)})`,
      'choose another folder',
      { folder: root },
      cause,
    );
  }
  return paths;
}

/** The files below a folder of the disk. */
export function imageFolderFiles(root: string): ImageFolderFiles {
  const source = { reader: 'image folder reader', name: basename(root) };
  return {
    name: source.name,
    list: (maximumFiles) => listFiles(root, maximumFiles, source),
    read: async (path, maximumBytes) => {
      const fileSource = { ...source, name: `${source.name}/${path}` };
      const file = await openForReading(join(root, path), fileSource);
      try {
        const { size } = await file.stat();
        return await readRange(file, 0, Math.min(size, maximumBytes), fileSource);
      } finally {
        await file.close();
      }
    },
  };
}
