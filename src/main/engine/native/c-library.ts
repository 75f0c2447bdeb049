import koffi, { type LibraryHandle } from 'koffi';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';

/** A native address. */
export type Pointer = bigint;

/** A foreign function that can also run on a worker thread, so that the event loop stays free. */
export interface AsyncCapable<Arguments extends unknown[], Result> {
  (...args: Arguments): Result;
  async(...args: [...Arguments, callback: (error: Error | null, result: Result) => void]): void;
}

/** Turns C prototypes into functions of one loaded library. */
export interface CLibrary {
  bind<F extends (...args: never[]) => unknown>(prototype: string): F;
}

/** File names of TensorFlow's two libraries on this platform; the framework must load first. */
export function libraryFileNames(platform: NodeJS.Platform = process.platform): readonly [string, string] {
  return platform === 'darwin'
    ? ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib']
    : ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'];
}

/** TensorFlow has half a million symbols, of which a process calls few: each is bound when it is first called. */
const RTLD_LAZY = 1;
const RTLD_NODELETE = process.platform === 'darwin' ? 0x80 : 0x1000;
/** absl::SetMinLogLevel(absl::LogSeverityAtLeast); the version is part of the name, so it may be absent. */
const SET_MIN_LOG_LEVEL = '_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE';
/**
 * Errors come as statuses, too. In the log there would be one for each program that was kept (see `kept-programs`): two
 * preferences of the compiler are taken for features that this processor lacks.
 */
const LOG_FATAL_ERRORS_ONLY = 3;

/** Libraries stay referenced for the life of the process. */
const loaded = new Map<string, CLibrary>();

/**
 * Unloading TensorFlow while its threads live crashes the process at its end; a pinned library is never unloaded.
 */
function pin(file: string): void {
  const open = koffi.load(null).func('void* dlopen(const char*, int)');
  open(file, RTLD_LAZY | RTLD_NODELETE);
}

function silence(framework: LibraryHandle): void {
  try {
    framework.func(`void ${SET_MIN_LOG_LEVEL}(int)`)(LOG_FATAL_ERRORS_ONLY);
  } catch {
    // Another build of TensorFlow: it will print a line or two at its start, no more.
  }
}

/**
 * Runs `body` with the standard error stream shut. TensorFlow's framework prints a notice while it loads, before
 * any setting can reach it; load errors come as exceptions, not on the stream.
 */
function withoutStandardError(body: () => void): void {
  const libc = koffi.load(null);
  const duplicateTo = libc.func('int dup2(int, int)');
  const kept = libc.func('int dup(int)')(2) as number;
  const nowhere = openSync('/dev/null', 'w');
  duplicateTo(nowhere, 2);
  try {
    body();
  } finally {
    duplicateTo(kept, 2);
    closeSync(kept);
    closeSync(nowhere);
  }
}

/**
 * Loads TensorFlow's libraries from a folder, once per process.
 * Throws what the loader says (missing file, wrong architecture); the caller adds the way out.
 */
export function loadTensorFlow(directory: string): CLibrary {
  const known = loaded.get(directory);
  if (known) return known;
  process.env.TF_CPP_MIN_LOG_LEVEL = '3';
  const [framework, main] = libraryFileNames().map((name) => path.join(directory, name)) as [string, string];
  withoutStandardError(() => pin(framework));
  silence(koffi.load(framework, { lazy: true }));
  pin(main);
  const handle = koffi.load(main, { lazy: true });
  const library: CLibrary = {
    bind: <F extends (...args: never[]) => unknown>(prototype: string) =>
      handle.func(prototype) as unknown as F,
  };
  loaded.set(directory, library);
  return library;
}

type CopyMemory = (
  target: Pointer | ArrayBufferView,
  source: Pointer | ArrayBufferView,
  size: number,
) => void;
let copyMemory: CopyMemory | null = null;

/**
 * Copies bytes between native and JavaScript memory. Views on native memory are avoided: Electron forbids them,
 * and they outlive their owner too easily.
 */
export function copyBytes(
  target: Pointer | ArrayBufferView,
  source: Pointer | ArrayBufferView,
  sizeBytes: number,
): void {
  copyMemory ??= koffi.load(null).func('void* memcpy(void*, const void*, size_t)') as unknown as CopyMemory;
  copyMemory(target, source, sizeBytes);
}

/** Declares TF_Output for prototypes that name it; koffi's types are global, so it happens once. */
export function declareStructures(): void {
  if (structuresDeclared) return;
  structuresDeclared = true;
  koffi.struct('TF_Output', { oper: 'void*', index: 'int' });
}
let structuresDeclared = false;
