import { beforeEach, describe, expect, it } from 'vitest';
import { DrawQueue } from './draw-queue.ts';

describe('figures that are drawn in their turn', () => {
  let frames: (() => void)[];
  let drawn: string[];
  let queue: DrawQueue;
  let nowMs: number;

  beforeEach(() => {
    frames = [];
    drawn = [];
    nowMs = 1_000;
    queue = new DrawQueue(
      100,
      (call) => frames.push(call),
      () => nowMs,
    );
    // What is drawn now follows a frame that was drawn just before.
    ask({ name: 'first' }, 1);
    frame();
    drawn = [];
    nowMs += 16;
  });

  const ask = (figure: { readonly name: string }, cost: number, as = figure.name) =>
    queue.ask(figure, cost, () => drawn.push(as));
  const frame = () => frames.shift()?.();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name })) as [
    { name: string },
    { name: string },
    { name: string },
  ];

  it('share a frame as far as its allowance goes', () => {
    ask(a, 60);
    ask(b, 30);
    ask(c, 30);
    expect(frames).toHaveLength(1);
    frame();
    expect(drawn).toEqual(['a', 'b']);
    frame();
    expect(drawn).toEqual(['a', 'b', 'c']);
    expect(frames).toEqual([]);
  });

  it('are drawn one a frame where each alone is too much', () => {
    ask(a, 500);
    ask(b, 500);
    frame();
    expect(drawn).toEqual(['a']);
    frame();
    expect(drawn).toEqual(['a', 'b']);
  });

  it('all come to their turn while all of them change before every frame', () => {
    for (let i = 0; i < 6; i++) {
      for (const figure of [a, b, c]) ask(figure, 100, `${figure.name}${i}`);
      frame();
    }
    expect(drawn).toEqual(['a0', 'b1', 'c2', 'a3', 'b4', 'c5']);
  });

  it('are all drawn at once after a rest', () => {
    nowMs += 500;
    for (const figure of [a, b, c]) ask(figure, 100);
    frame();
    expect(drawn).toEqual(['a', 'b', 'c']);
  });

  it('are forgotten once they are gone', () => {
    ask(a, 10);
    queue.drop(a);
    frame();
    expect(drawn).toEqual([]);
  });

  it('may ask again while they are drawn', () => {
    queue.ask(a, 10, () => ask(a, 10, 'again'));
    frame();
    expect(drawn).toEqual([]);
    frame();
    expect(drawn).toEqual(['again']);
  });
});
