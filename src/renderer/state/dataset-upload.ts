import type { StudioClient } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { DroppedFile } from './dropped-files.ts';

/** Far below what the socket takes in one message (8 MB of base64), large enough for few round trips. */
const CHUNK_BYTES = 2 * 1024 * 1024;

/** What is told while files are handed to the studio. */
export interface UploadState {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** The folder an upload lies in, from the path of one of its files. */
function folderOf(path: string, upload: string): string {
  return path.slice(0, path.indexOf(upload) + upload.length);
}

/** The dropped folder inside the upload's own, or null where files were dropped alone. */
function droppedFolder(stored: string, upload: string, dropped: DroppedFile): string | null {
  if (!dropped.path.includes('/')) return null;
  const folder = folderOf(stored, upload);
  const inside = stored.slice(folder.length).split(/[\\/]/)[1] ?? '';
  return `${folder}/${inside}`;
}

function checkRoots(files: readonly DroppedFile[]): void {
  const roots = new Set(files.map(({ path }) => path.split('/')[0]));
  const hasFolder = files.some(({ path }) => path.includes('/'));
  if (files.length === 0) {
    throw new StudioError(
      'invalid-input',
      'import: found no file in what was dropped; drop files or a folder of files',
    );
  }
  if (hasFolder && roots.size > 1) {
    throw new StudioError(
      'invalid-input',
      `import: found ${roots.size} files and folders side by side, expected one folder or files; drop one dataset at a time`,
    );
  }
}

/**
 * Hands files to the studio in pieces, one after the other, in one upload.
 * @returns the paths for `datasets.preview` and `datasets.import`: of the files, or of the one dropped folder
 * @throws StudioError `cancelled` after `signal`; `invalid-input` for nothing, or several folders at once
 */
export async function uploadFiles(
  client: StudioClient,
  files: readonly DroppedFile[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (state: UploadState) => void },
): Promise<string[]> {
  checkRoots(files);
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const paths = new Set<string>();
  let upload: string | null = null;
  let doneBytes = 0;
  for (const dropped of files) {
    let offset = 0;
    // An empty file is sent too: what is read must see it as it is.
    do {
      if (signal.aborted) throw new StudioError('cancelled', 'import: cancelled');
      const piece = dropped.file.slice(offset, offset + CHUNK_BYTES);
      const bytes = new Uint8Array(await piece.arrayBuffer());
      const sent: { upload: string; path: string } = await client.invoke('datasets.upload', {
        name: dropped.path,
        upload,
        bytes,
      });
      upload = sent.upload;
      offset += CHUNK_BYTES;
      doneBytes += bytes.length;
      onProgress({ doneBytes, totalBytes });
      paths.add(droppedFolder(sent.path, sent.upload, dropped) ?? sent.path);
    } while (offset < dropped.file.size);
  }
  return [...paths];
}
