import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { FRAME_MS, ON_TIME_MS, type Frames } from './frames.ts';
import { LIMITS, type MeasuredLimit } from './measured-limit.ts';
import { percentile } from './percentile.ts';

/** No machine is this much slower than the ones that the studio is built for: what takes so long is broken. */
const BROKEN = 10;

/**
 * Keeps what was measured for the report. A test is no judge of a time that depends on the machine and on what else it
 * does, so it fails only where the program must be broken; `npm run bench -- limits` judges by the limits themselves.
 */
export function holdTo(measured: MeasuredLimit): void {
  const { name, measuredMs, limitMs } = measured;
  mkdirSync(LIMITS, { recursive: true });
  const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.json`;
  writeFileSync(join(LIMITS, file), `${JSON.stringify(measured, null, 2)}\n`);
  expect(measuredMs, name).toBeLessThanOrEqual(BROKEN * limitMs);
}

/** Holds what moves to 60 frames a second: frames come on time, and the page's work leaves them the time. */
export function holdFramesTo(name: string, { intervals, work }: Frames): void {
  holdTo({ name: `${name}, frames, p95`, measuredMs: percentile(intervals, 95), limitMs: ON_TIME_MS });
  holdTo({ name: `${name}, work of a frame, p95`, measuredMs: percentile(work, 95), limitMs: FRAME_MS });
}
