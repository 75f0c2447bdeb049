import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Some thousand programs; the oldest go first. */
const MOST_BYTES = 256 * 2 ** 20;
/** With less room on the disk nothing is kept: TensorFlow takes a program that it cannot write for one that failed. */
const LEAST_FREE_BYTES = 2 ** 30;

interface KeptFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly writtenMs: number;
}

/** What machine code is made for: the same name may stand for other instructions in another virtual machine. */
function processor(): string {
  const model = os.cpus()[0]?.model ?? os.arch();
  if (process.platform !== 'linux') return model;
  const lines = readFileSync('/proc/cpuinfo', 'utf8').split('\n');
  return [model, lines.find((line) => /^(flags|Features)\s*:/.test(line))].join('\n');
}

function listFiles(directory: string): KeptFile[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    // Another process may be tidying up, too.
    const found = entry.isFile() ? statSync(file, { throwIfNoEntry: false }) : undefined;
    return found ? [{ path: file, sizeBytes: found.size, writtenMs: found.mtimeMs }] : [];
  });
}

/** Reads a varint; returns it with the place after it, or null where there is none. */
function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  let value = 0;
  for (let place = at; place < Math.min(at + 10, bytes.length); place++) {
    value += (bytes[place]! & 0x7f) * 2 ** (7 * (place - at));
    if (bytes[place]! < 0x80) return { value, end: place + 1 };
  }
  return null;
}

/** Does a file hold whole fields of a protocol buffer and nothing more? Only where each begins is read. */
function isWhole({ path: file, sizeBytes }: KeptFile): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(20);
    let position = 0;
    while (position < sizeBytes) {
      const bytes = head.subarray(0, readSync(descriptor, head, 0, head.length, position));
      const tag = readVarint(bytes, 0);
      const length = tag && tag.value % 8 === 2 ? readVarint(bytes, tag.end) : null;
      if (length === null) return false;
      position += length.end + length.value;
    }
    return sizeBytes > 0 && position === sizeBytes;
  } finally {
    closeSync(descriptor);
  }
}

/** Removes files that a power cut left torn, and the oldest beyond `mostBytes`. */
export function tidyPrograms(directory: string, mostBytes: number = MOST_BYTES): void {
  const newestFirst = listFiles(directory).sort((a, b) => b.writtenMs - a.writtenMs);
  let total = 0;
  for (const file of newestFirst) {
    total += file.sizeBytes;
    if (total > mostBytes || isTorn(file)) rmSync(file.path, { force: true });
  }
}

function isTorn(file: KeptFile): boolean {
  try {
    return file.path.endsWith('.pb') && !isWhole(file);
  } catch {
    // Another process has removed it meanwhile, or it cannot be read.
    return true;
  }
}

/** Flags of this function's own, as a process inherits them that an engine's process has started. */
const OWN_FLAGS = / ?--tf_xla_persistent_cache_directory='[^']*' --tf_xla_persistent_cache_device_types=CPU/;

function flagsFor(folder: string): string {
  return `--tf_xla_persistent_cache_directory='${folder}' --tf_xla_persistent_cache_device_types=CPU`;
}

/** Is there a tidy folder, and room on its disk? */
function makeReady(directory: string, folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    tidyPrograms(directory);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= LEAST_FREE_BYTES;
  } catch {
    return false;
  }
}

/**
 * Has XLA keep what it compiles in a folder and take it from there the next time, in this process or another: compiling
 * is half of a short search. What the machine code depends on beside the program has a folder of its own (the processor,
 * XLA's flags and the `circumstances`), so that the same numbers come out whether a program was compiled or kept. Where
 * nothing can be kept, all goes on without. To be called before TensorFlow is loaded, which reads its flags once.
 */
export function keepPrograms(
  environment: NodeJS.ProcessEnv,
  directory: string,
  circumstances: Readonly<Record<string, string | number>>,
): void {
  const given = (environment.TF_XLA_FLAGS ?? '').replace(OWN_FLAGS, '');
  if (given === '') delete environment.TF_XLA_FLAGS;
  else environment.TF_XLA_FLAGS = given;
  const depends = [circumstances, processor(), environment.XLA_FLAGS ?? '', given];
  const name = createHash('sha256').update(JSON.stringify(depends)).digest('hex').slice(0, 16);
  const folder = path.join(directory, name);
  const isOthers = given.includes('persistent_cache_directory') || folder.includes("'");
  if (isOthers || !makeReady(directory, folder)) return;
  environment.TF_XLA_FLAGS = [given, flagsFor(folder)].filter(Boolean).join(' ');
}
