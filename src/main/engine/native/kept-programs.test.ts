import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import { libraryDirectory } from '../library/layout.ts';
import { TENSORFLOW_VERSION } from '../library/pinned.ts';
import { keepPrograms, tidyPrograms } from './kept-programs.ts';
import { bytes } from './wire-format.ts';

/** Trains five steps under XLA in a process of its own; what it printed: the losses. */
function trainInChild(programDirectory: string): string {
  const library = {
    directory: libraryDirectory(cacheDirectory()),
    version: TENSORFLOW_VERSION,
    programDirectory,
  };
  const engineUrl = pathToFileURL(path.join(import.meta.dirname, 'native-engine.ts')).href;
  const program = `
    import * as tf from '@tensorflow/tfjs-core';
    import { openNativeEngine } from ${JSON.stringify(engineUrl)};
    const options = { choice: 'tensorflow', threads: 1, device: 'cpu' };
    const engine = openNativeEngine(${JSON.stringify(library)}, options, null);
    const x = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i));
    const step = {
      state: [{ name: 'w', role: 'parameter', shape: [4, 1], values: Float32Array.of(1, -2, 3, -4) }],
      inputs: [{ name: 'x', shape: [8, 4], values: x }],
      scalarNames: ['learningRate'],
      metricNames: ['loss'],
      update: {
        slots: [],
        apply: ({ parameter, gradient, scalars }) => ({
          parameter: tf.sub(parameter, tf.mul(scalars.learningRate, gradient)),
          slots: [],
        }),
        fused: null,
      },
      run({ batch, state }) {
        const loss = (w) => tf.mean(tf.square(tf.tanh(tf.matMul(batch.x, w))));
        const { value, grads } = tf.valueAndGrads(loss)([state.w]);
        return { gradients: { w: grads[0] }, buffers: {}, metrics: [value] };
      },
    };
    const program = await engine.createTrainingProgram(step, {
      batchSize: 4, plannedSteps: 5, hasConvolutions: false, executor: 'xla', stepsPerCall: 5,
    });
    const losses = await program.run({
      indices: Int32Array.from({ length: 20 }, (_, i) => (i * 3) % 8),
      batchSize: 4, steps: 5, scalars: { learningRate: new Float32Array(5).fill(0.1) }, firstStep: 0,
    });
    console.log(JSON.stringify(Array.from(losses)));
    program.dispose();
    engine.dispose();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout;
}

describe('kept programs', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'kept programs-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const flagsOf = (
    environment: NodeJS.ProcessEnv,
    circumstances: Record<string, string | number> = { threads: 1 },
  ) => {
    keepPrograms(environment, directory, circumstances);
    return environment.TF_XLA_FLAGS;
  };

  it('lie in a folder that is named to TensorFlow beside the flags that were given', () => {
    expect(flagsOf({ TF_XLA_FLAGS: '--tf_xla_clustering_debug' })).toMatch(
      /^--tf_xla_clustering_debug --tf_xla_persistent_cache_directory='.*kept programs-.*' --tf_xla_persistent_cache_device_types=CPU$/,
    );
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('give another process the same numbers and leave it nothing to compile', () => {
    const files = () =>
      readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.pb'))
        .map((name) => [name, statSync(path.join(directory, name)).mtimeMs]);
    const compiled = trainInChild(directory);
    const kept = files();
    expect(kept).toHaveLength(1);
    expect(JSON.parse(compiled)).toHaveLength(5);
    expect(trainInChild(directory)).toBe(compiled);
    expect(files()).toEqual(kept);
    const [name] = kept[0] as [string];
    writeFileSync(path.join(directory, name), 'torn');
    expect(trainInChild(directory)).toBe(compiled);
  });

  it('of other circumstances lie apart, also in a process that has inherited the flags', () => {
    const first = flagsOf({});
    expect(flagsOf({})).toBe(first);
    expect(flagsOf({}, { threads: 2 })).not.toBe(first);
    expect(flagsOf({ XLA_FLAGS: '--xla_cpu_enable_fast_math' })).not.toBe(first);
    expect(flagsOf({ TF_XLA_FLAGS: flagsOf({}, { threads: 2 }) })).toBe(first);
  });

  it('stay where somebody else has TensorFlow put them', () => {
    const given = '--tf_xla_persistent_cache_directory=/elsewhere';
    expect(flagsOf({ TF_XLA_FLAGS: given })).toBe(given);
  });

  it('are none where there can be no folder', () => {
    writeFileSync(path.join(directory, 'file'), '');
    const environment: NodeJS.ProcessEnv = {};
    keepPrograms(environment, path.join(directory, 'file', 'programs'), {});
    expect(environment.TF_XLA_FLAGS).toBeUndefined();
  });

  it('are removed when they are torn, or the oldest beyond what may be kept', () => {
    const folder = path.join(directory, 'some');
    mkdirSync(folder);
    const whole = Buffer.concat(
      [40, 900, 5_000].map((size, i) => bytes(i + 1, new Uint8Array(size).fill(7))),
    );
    const contents: Record<string, Buffer> = {
      'newest.pb': whole,
      'torn.pb': whole.subarray(0, -1),
      'empty.pb': Buffer.alloc(0),
      'foreign.pb': Buffer.alloc(200, 0xff),
      'older.pb': whole,
      'oldest.pb': whole,
    };
    Object.entries(contents).forEach(([name, content], place) => {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      utimesSync(file, 1_000_000 - place, 1_000_000 - place);
    });
    tidyPrograms(directory, 3 * whole.length + 250);
    expect(readdirSync(folder)).toEqual(['newest.pb', 'older.pb']);
  });
});
