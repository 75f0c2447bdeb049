/** A file to import, with the folders it was dropped in. */
export interface DroppedFile {
  /** From the dropped folder on, e.g. "pets/cats/1.png"; the file's name for one that was dropped alone. */
  readonly path: string;
  readonly file: File;
}

/** Does a drag bring files from outside the window? */
export function bringsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db';
}

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

/** A directory gives its entries in batches (100 in Chromium) until an empty one. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
    entries.push(...batch);
  }
  return entries;
}

async function collect(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  if (isHidden(entry.name)) return [];
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  const found: DroppedFile[] = [];
  for (const child of await readFolder(entry as FileSystemDirectoryEntry)) {
    found.push(...(await collect(child, path)));
  }
  return found;
}

/**
 * The files of a drop, those in dropped folders included; hidden files are left out. Must be called before the drop's
 * handler returns to the browser, which then forgets what was dropped.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  // A file that is no file of the disk (made by a page) has no entry, but can be read.
  const items = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: DroppedFile[] = [];
  for (const item of items) {
    if (item instanceof File) found.push({ path: item.name, file: item });
    else if (item !== null) found.push(...(await collect(item, '')));
  }
  return found;
}

/** The files of a picker, of a folder's picker too. */
export function pickedFiles(files: FileList): DroppedFile[] {
  return [...files]
    .filter((file) => !isHidden(file.name))
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}
