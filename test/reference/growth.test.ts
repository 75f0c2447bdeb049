import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/engine.ts';
import { engineCases, openTestEngine } from './engines.ts';
import { openSmallNet, takeSteps } from './small-net.ts';

// The cpu engine runs the same program as the wasm engine, only slower.
const cases = engineCases.filter(({ kind }) => kind !== 'cpu');

describe.each(cases)('memory of the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test('holds no more tensors and handles after 1,000 steps than after the first', async () => {
    const empty = engine.memory();
    const program = await openSmallNet(engine, executor);
    await takeSteps(program, 0, 10);
    const before = engine.memory();
    await takeSteps(program, 10, 990);
    // The state of a checkpoint is copied to the device by the next step only.
    await program.writeState(await program.readState());
    await takeSteps(program, 990, 1_000);
    expect(engine.memory()).toEqual(before);
    program.dispose();
    expect(engine.memory()).toEqual(empty);
  });
});
