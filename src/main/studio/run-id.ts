import { randomBytes } from 'node:crypto';
import type { RunId } from '../../shared/schema/run.ts';

const TIME_DIGITS = 9;
const RANDOM_DIGITS = 5;

/** A new run id: creation time in milliseconds and random digits, base 36, so that ids sort by time. */
export function createRunId(nowMs: number): RunId {
  const random = randomBytes(6).readUIntBE(0, 6) % 36 ** RANDOM_DIGITS;
  return toDigits(nowMs, TIME_DIGITS) + toDigits(random, RANDOM_DIGITS);
}

function toDigits(value: number, digits: number): string {
  return Math.floor(value).toString(36).padStart(digits, '0');
}
