import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Growth } from './growth.svelte.ts';

describe('what grows while the page is idle', () => {
  let frames: (() => void)[] = [];
  let idle: Map<number, () => void>;

  beforeEach(() => {
    frames = [];
    idle = new Map();
    let last = 0;
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
    vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.splice(frame - 1, 1));
    vi.stubGlobal('requestIdleCallback', (callback: () => void) => {
      idle.set(++last, callback);
      return last;
    });
    vi.stubGlobal('cancelIdleCallback', (request: number) => idle.delete(request));
  });

  afterEach(() => vi.unstubAllGlobals());

  const runFrame = () => frames.splice(0).forEach((callback) => callback());
  const runIdle = () => {
    const waiting = [...idle.values()];
    idle.clear();
    waiting.forEach((callback) => callback());
  };

  it('stays as it is until the first frame, then grows step by step to its end', () => {
    const growth = new Growth(4, 3, 9);
    growth.start();
    runIdle();
    expect(growth.count).toBe(4);
    runFrame();
    const counts = [0, 1, 2].map(() => {
      runIdle();
      return growth.count;
    });
    expect(counts).toEqual([7, 9, 9]);
    expect(idle.size).toBe(0);
  });

  it('grows no more once it is stopped', () => {
    const growth = new Growth(0, 1, 4);
    const stop = growth.start();
    runFrame();
    runIdle();
    stop();
    runIdle();
    expect(growth.count).toBe(1);
    expect(idle.size).toBe(0);
  });
});
