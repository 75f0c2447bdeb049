import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../src/main/host/paths.ts';
import { experiment, type Experiment } from '../../../src/shared/schema/experiment.ts';

/** A gallery experiment made long enough for many kills: `epochs` epochs of it. */
export function killExperiment(id: string, epochs: number): Experiment {
  const path = join(projectRoot(), 'resources', 'experiments', `${id}.json`);
  const whole = experiment.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { ...whole, training: { ...whole.training, epochs } };
}

/** A reproducible sequence of numbers in [0, 1): mulberry32 by Tommy Ettinger. */
export function repeatableRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
