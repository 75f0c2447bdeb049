import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { Artifact } from '../../../shared/schema/artifact.ts';
import { ARTIFACTS, archiveManifest, MANIFEST, type ArchiveManifest } from './manifest.ts';

/** A manifest of 10,000 runs takes some hundred MB at most; one artifact a checkpoint of a large net. */
const MOST_BYTES = 2 ** 31 - 1;

function damaged(path: string, found: string, cause?: unknown): StudioError {
  return new StudioError(
    'data-damaged',
    `archive ${basename(path)}: ${found}; export the runs again where they were made`,
    { file: basename(path) },
    { cause },
  );
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An open archive of runs. Close it when done. */
export class RunArchive {
  readonly manifest: ArchiveManifest;
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(
    path: string,
    zip: ZipFile,
    entries: ReadonlyMap<string, Entry>,
    manifest: ArchiveManifest,
  ) {
    this.#path = path;
    this.#zip = zip;
    this.#entries = entries;
    this.manifest = manifest;
  }

  /**
   * Opens an archive and reads what it holds.
   * @throws StudioError `not-found`, or `data-damaged` for a file that is no whole archive of runs
   */
  static async open(path: string): Promise<RunArchive> {
    const zip = await openZip(path);
    try {
      const entries = await listEntries(zip, path);
      const text = Buffer.from(await readEntry(zip, entries, MANIFEST, path)).toString('utf8');
      return new RunArchive(path, zip, entries, parseManifest(text, path));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  /** @throws StudioError `data-damaged` where the archive has not the very bytes that the artifact names */
  async read(artifact: Artifact): Promise<Uint8Array> {
    const bytes = await readEntry(this.#zip, this.#entries, `${ARTIFACTS}${artifact.path}`, this.#path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length === artifact.sizeBytes && sha256 === artifact.sha256) return bytes;
    throw damaged(this.#path, `${artifact.path} is not the file that its run names`);
  }

  close(): void {
    this.#zip.close();
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new StudioError('not-found', `archive ${path}: there is no such file; check its name`, { path });
    }
    throw damaged(path, `is no readable zip archive (${reasonOf(cause)})`, cause);
  }
}

async function listEntries(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  } catch (cause) {
    throw damaged(path, `has a broken directory (${reasonOf(cause)})`, cause);
  }
  return entries;
}

async function readEntry(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  name: string,
  path: string,
): Promise<Uint8Array> {
  const entry = entries.get(name);
  if (entry === undefined) throw damaged(path, `has no ${name}`);
  if (entry.uncompressedSize > MOST_BYTES) {
    throw damaged(path, `says that ${name} has ${entry.uncompressedSize} bytes, more than ${MOST_BYTES}`);
  }
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return new Uint8Array(Buffer.concat(chunks));
  } catch (cause) {
    throw damaged(path, `has ${name} only in part (${reasonOf(cause)})`, cause);
  }
}

function parseManifest(text: string, path: string): ArchiveManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, `has a ${MANIFEST} that is no JSON`, cause);
  }
  const parsed = archiveManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(
    path,
    `has a ${MANIFEST} that this version does not know (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
  );
}
