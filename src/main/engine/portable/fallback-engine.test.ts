import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openFallbackEngine } from './fallback-engine.ts';

describe.each(['cpu', 'wasm'] as const)('the %s engine', (kind) => {
  test('says what it is', async () => {
    const engine = await openFallbackEngine(kind);
    expect(engine.info).toMatchObject({ kind, version: '4.22.0', threads: 1, device: { kind: 'cpu' } });
    expect(engine.info.device.name).not.toBe('');
    expect(tf.getBackend()).toBe(kind);
    engine.dispose();
  });

  test('can be opened again after it was closed', async () => {
    (await openFallbackEngine(kind)).dispose();
    const engine = await openFallbackEngine(kind);
    const sum = tf.tidy(() => tf.sum(tf.ones([3])).dataSync()[0]);
    expect(sum).toBe(3);
    engine.dispose();
  });

  test('leaves what is uncaught to the program', async () => {
    const count = () =>
      process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
    const before = count();
    const engine = await openFallbackEngine(kind);
    expect(count()).toBe(before);
    engine.dispose();
  });
});
