import type { Page } from 'playwright-core';
import { percentile } from './percentile.ts';

/** A display of 60 Hz shows a frame every 16.667 ms. */
export const FRAME_MS = 16.7;
/**
 * Chromium without a display times its frames by the clock in whole microseconds of 1/60 s and says so in tenths of a
 * millisecond: frames on time are 16.6 or 16.7 ms apart, a missed one 33.3. The tolerance covers the rounding, not a
 * missed frame.
 */
const FRAME_TOLERANCE_MS = 0.2;
/** A frame that comes no later than this is on time. */
export const ON_TIME_MS = FRAME_MS + FRAME_TOLERANCE_MS;

/** Frames while something moved, in ms. */
export interface Frames {
  /** From frame to frame. */
  readonly intervals: readonly number[];
  /** From a frame's callbacks to the end of its style, layout and paint. */
  readonly work: readonly number[];
}

/** What a report says of frames. */
export function toldFrames({ intervals, work }: Frames) {
  return {
    frames: intervals.length,
    p50IntervalMs: percentile(intervals, 50),
    p95IntervalMs: percentile(intervals, 95),
    worstIntervalMs: Math.max(...intervals),
    p50WorkMs: percentile(work, 50),
    p95WorkMs: percentile(work, 95),
  };
}

/** CPU time of the page's main thread so far, in ms: what its work takes, whatever else the machine does. */
export async function threadClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN);
  };
}

/**
 * Drags along an element with the pointer down, up and down between two shares of its height, a step before every
 * frame, and measures the frames. The pointer is left up, at the upper share.
 */
export async function dragAlong(
  page: Page,
  selector: string,
  { from, to, frames }: { readonly from: number; readonly to: number; readonly frames: number },
): Promise<Frames> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`end-to-end tests: found no ${selector} to drag along`);
  const x = box.x + box.width / 2;
  const heightOf = (share: number) => box.y + (1 - share) * box.height;
  await page.mouse.move(x, heightOf(from));
  await page.mouse.down();
  await page.mouse.move(x, heightOf((from + to) / 2));
  const heights = Array.from({ length: frames }, (_, frame) => {
    const swing = 0.5 - 0.5 * Math.cos((frame + 30) / 15);
    return heightOf(from + 0.1 + (to - from - 0.1) * swing);
  });
  await installFrameMeter(page);
  const measured = await page.evaluate(moveAndMeasure, { selector, x, heights });
  await page.mouse.move(x, heightOf(to));
  await page.mouse.up();
  return measured;
}

/** In a page where {@link installFrameMeter} has been. */
export interface MeteredWindow {
  /** Measures frame after frame; `move` acts before each, given its number from 0, and returns false for no more. */
  readonly measureFrames: (
    move: (frame: number) => boolean,
  ) => Promise<{ intervals: number[]; work: number[] }>;
}

/** Puts the meter of frames into the page, for functions that run there; see {@link MeteredWindow}. */
export async function installFrameMeter(page: Page): Promise<void> {
  await page.evaluate(makeMeter);
}

/** Runs in the page. */
function makeMeter(): void {
  const measureFrames: MeteredWindow['measureFrames'] = async (move) => {
    const intervals: number[] = [];
    const work: number[] = [];
    const channel = new MessageChannel();
    let begun = 0;
    // The first task after a frame's callbacks, style, layout and paint: until then the main thread was at work on it.
    channel.port1.onmessage = () => work.push(performance.now() - begun);
    await new Promise<void>((resolve) => {
      let last = 0;
      let frame = 0;
      const step = (now: number) => {
        begun = performance.now();
        if (last > 0) intervals.push(now - last);
        last = now;
        if (!move(frame++)) {
          resolve();
          return;
        }
        channel.port2.postMessage(null);
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
    return { intervals, work };
  };
  Object.assign(window, { measureFrames });
}

/** Runs in the page: the moves of a mouse whose button is down already, one before each frame. */
function moveAndMeasure({
  selector,
  x,
  heights,
}: {
  selector: string;
  x: number;
  heights: number[];
}): Promise<{ intervals: number[]; work: number[] }> {
  const target = document.querySelector(selector)!;
  return (window as unknown as MeteredWindow).measureFrames((frame) => {
    const y = heights[frame];
    if (y === undefined) return false;
    const at = { clientX: x, clientY: y, bubbles: true, pointerId: 1, buttons: 1 };
    target.dispatchEvent(new PointerEvent('pointermove', at));
    return true;
  });
}

/** Elements that must be there, and canvases that must be drawn on, by selector. */
export interface Awaited {
  readonly elements: readonly string[];
  readonly canvases: readonly string[];
}

/** Clicks on an element and measures, in the page, from the click to the end of the frame that shows what is awaited. */
export async function clickUntilDrawn(page: Page, selector: string, awaited: Awaited): Promise<number> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`end-to-end tests: found no ${selector} to click`);
  // In place before the click: input overtakes what the test asks of the page.
  await page.evaluate(watchForDrawing, awaited);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  return page.evaluate(() => (window as unknown as { drawnMs: Promise<number> }).drawnMs);
}

/** Runs in the page: leaves a promise of the time there. */
function watchForDrawing({ elements, canvases }: Awaited): void {
  const NEVER_MS = 60_000;
  const small = Object.assign(document.createElement('canvas'), { width: 16, height: 16 });
  const context = small.getContext('2d', { willReadFrequently: true })!;
  const isDrawn = (selector: string) => {
    const canvas = document.querySelector<HTMLCanvasElement>(selector);
    if (canvas === null || canvas.width === 0 || canvas.height === 0) return false;
    context.clearRect(0, 0, 16, 16);
    context.drawImage(canvas, 0, 0, 16, 16);
    return context.getImageData(0, 0, 16, 16).data.some((value) => value > 0);
  };
  const drawnMs = new Promise<number>((resolve, reject) => {
    const wait = (event: Event) => {
      const waited = () => performance.now() - event.timeStamp;
      const look = () => {
        const late = [
          ...elements.filter((selector) => document.querySelector(selector) === null),
          ...canvases.filter((selector) => !isDrawn(selector)),
        ];
        if (late.length === 0) setTimeout(() => resolve(waited()));
        else if (waited() > NEVER_MS) reject(new Error(`not there after a minute: ${late.join(', ')}`));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    addEventListener('click', wait, { capture: true, once: true });
  });
  Object.assign(window, { drawnMs });
}
