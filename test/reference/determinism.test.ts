import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/engine.ts';
import { engineCases, openTestEngine } from './engines.ts';
import { openSmallNet, takeSteps } from './small-net.ts';

describe.each(engineCases)('the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test('takes the same steps twice, and from a checkpoint, bit for bit', async () => {
    const whole = await openSmallNet(engine, executor);
    const metrics = await takeSteps(whole, 0, 20);
    const checkpoint = await whole.readState();
    metrics.push(...(await takeSteps(whole, 20, 40)));
    const state = await whole.readState();
    whole.dispose();

    const again = await openSmallNet(engine, executor);
    expect(await takeSteps(again, 0, 40)).toEqual(metrics);
    await again.writeState(checkpoint);
    expect(await takeSteps(again, 20, 40)).toEqual(metrics.slice(metrics.length / 2));
    expect(await again.readState()).toEqual(state);
    again.dispose();
  });
});
