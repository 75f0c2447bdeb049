import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { RunId } from '../../shared/schema/run.ts';
import type { ArtifactFiles } from '../store/artifacts.ts';

/*
 * Layout: magic (8 bytes), sha256 of all after it (32 bytes), the value in Node's structured-clone format, which keeps
 * typed arrays as they are. The version is part of the value's envelope.
 */
const MAGIC = Buffer.from('EPOCHRES', 'latin1');
const DIGEST_BYTES = 32;
const VALUE_START = MAGIC.length + DIGEST_BYTES;
/** To be counted up when the same weights come to other numbers; older files are then made anew. */
const VERSION = 1;

const envelope = z.strictObject({ version: z.literal(VERSION), value: z.unknown() });

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The value of a whole, unchanged file of this version; null for any other. */
function decode(file: Buffer): unknown {
  const content = file.subarray(VALUE_START);
  const isWhole =
    file.length > VALUE_START &&
    file.subarray(0, MAGIC.length).equals(MAGIC) &&
    sha256(content).equals(file.subarray(MAGIC.length, VALUE_START));
  if (!isWhole) return null;
  const parsed = envelope.safeParse(deserialize(content));
  return parsed.success ? parsed.data.value : null;
}

/** Computed results beside a run's checkpoints; they can always be computed again, and go with the run. */
export class ResultFiles {
  readonly #artifacts: ArtifactFiles;

  constructor(artifacts: ArtifactFiles) {
    this.#artifacts = artifacts;
  }

  /**
   * A stored result as the schema takes it; null where there is none, or one that is damaged or of another version.
   * @param name of the result within the run
   */
  async read<S extends z.ZodType>(runId: RunId, name: string, schema: S): Promise<z.output<S> | null> {
    const file = await readFile(this.#artifacts.resolve(pathOf(runId, name))).catch(() => null);
    if (file === null) return null;
    const parsed = schema.safeParse(decode(file));
    return parsed.success ? parsed.data : null;
  }

  /** @throws StudioError `disk-full`; nothing is changed then */
  async write(runId: RunId, name: string, value: unknown): Promise<void> {
    const content = serialize({ version: VERSION, value });
    await this.#artifacts.write('result', pathOf(runId, name), [MAGIC, sha256(content), content]);
  }
}

/** Relative to the artifact folder. */
function pathOf(runId: RunId, name: string): string {
  return `runs/${runId}/results/${name}.result`;
}
