import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import { libraryDirectory } from '../library/layout.ts';
import { libraryFileNames } from './c-library.ts';
import { openNativeEngine } from './native-engine.ts';

const options = { choice: 'tensorflow', threads: 1, device: 'cpu' } as const;

/** A file of this folder as a program imports it, in quotes. */
const url = (name: string) => JSON.stringify(pathToFileURL(path.join(import.meta.dirname, name)).href);

/** Runs a program that loads the library and then ends as a program does, without `process.exit`. */
function loadInChild(): { status: number | null; stderr: string; stdout: string } {
  const directory = JSON.stringify(libraryDirectory(cacheDirectory()));
  const program = `
    import { loadTensorFlow } from ${url('c-library.ts')};
    import { bindCApi } from ${url('c-api.ts')};
    console.log(bindCApi(loadTensorFlow(${directory})).version());
    console.error('end');`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

/** Does TensorFlow compute with oneDNN in a process that has opened an engine, with the switch as it is given? */
function usesOneDnn(environment: NodeJS.ProcessEnv): string {
  const directory = libraryDirectory(cacheDirectory());
  const framework = path.join(directory, libraryFileNames()[0]);
  const library = { directory, version: '2.21.0', programDirectory: null };
  const program = `
    import koffi from 'koffi';
    import { openNativeEngine } from ${url('native-engine.ts')};
    openNativeEngine(${JSON.stringify(library)}, ${JSON.stringify(options)}, null);
    const isEnabled = koffi.load(${JSON.stringify(framework)}).func('bool _ZN10tensorflow12IsMKLEnabledEv()');
    console.log(isEnabled());`;
  const { TF_ENABLE_ONEDNN_OPTS: _, ...others } = process.env;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
    env: { ...others, ...environment },
  });
  return stdout;
}

describe('the library', () => {
  it('loads without a word and lets the process end without a crash', () => {
    const { status, stdout, stderr } = loadInChild();
    expect(stdout).toBe('2.21.0\n');
    expect(stderr).toBe('end\n');
    expect(status).toBe(0);
  });

  it('computes with oneDNN on every processor, but where the user has switched it off', () => {
    expect(usesOneDnn({})).toBe('true\n');
    expect(usesOneDnn({ TF_ENABLE_ONEDNN_OPTS: '0' })).toBe('false\n');
  });

  it('that is no library is called damaged, with the way out', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'epoch-no-library-'));
    for (const name of libraryFileNames()) writeFileSync(path.join(directory, name), 'not a library');
    try {
      expect(() =>
        openNativeEngine({ directory, version: '2.21.0', programDirectory: null }, options, null),
      ).toThrow(/could not be loaded .*install it again/s);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('of another version than expected is refused', () => {
    const directory = libraryDirectory(cacheDirectory());
    expect(() =>
      openNativeEngine({ directory, version: '2.99.0', programDirectory: null }, options, null),
    ).toThrow(/found TensorFlow 2\.21\.0, expected/);
  });

  it('without a CUDA device says so when one is asked for', () => {
    const directory = libraryDirectory(cacheDirectory());
    expect(() =>
      openNativeEngine(
        { directory, version: '2.21.0', programDirectory: null },
        { ...options, device: 'cuda' },
        null,
      ),
    ).toThrow(/no CUDA device/);
  });
});
