import type { Browser, Page } from 'playwright-core';

/** How long a page took over something. */
export interface PageTime {
  /** Until what was asked for was there and the page had stopped working on it. */
  readonly answeredMs: number;
  /** What the main thread worked until it was at rest: depends less on what else the machine does. */
  readonly threadMs: number;
  /** Until the last of the page was there too; null where nobody asked. */
  readonly wholeMs: number | null;
}

/** Frames while something moved. */
export interface FrameTimes {
  /** From frame to frame. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** From a frame's first callback until the main thread was free again: style, layout and paint included. */
  readonly workMedianMs: number;
  readonly workP95Ms: number;
  /** Processor time of the main thread per frame, which other programs do not lengthen. */
  readonly threadMs: number;
  readonly frames: number;
}

/** A page is done when it has had no task of 50 ms or more for so long. */
const QUIET_MS = 1_000;

/** True in the studio once its list of runs shows some. */
export const RUNS_LISTED = `document.querySelectorAll('[data-row] a').length > 10`;

/** Longest wait for an answer. */
const PATIENCE_MS = 300_000;

/** Runs in the page: the time from `begunMs` until the answer was there and the page at rest. */
async function settle(
  isThere: () => boolean,
  isWhole: () => boolean,
  begunMs: number,
  quietMs: number,
  patienceMs: number,
): Promise<Pick<PageTime, 'answeredMs' | 'wholeMs'>> {
  let busyUntil = begunMs;
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      busyUntil = Math.max(busyUntil, startTime + duration);
    }
  });
  observer.observe({ type: 'longtask', buffered: true });
  const nextFrame = (): Promise<number> =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
  let there = await nextFrame();
  while (!isThere()) {
    there = await nextFrame();
    if (there - begunMs > patienceMs) throw new Error(`no answer within ${patienceMs / 1_000} s`);
  }
  let whole: number | null = null;
  for (let now = there; now - Math.max(there, busyUntil) < quietMs; now = await nextFrame()) {
    if (whole === null && isWhole()) whole = now - begunMs;
  }
  observer.disconnect();
  return { answeredMs: Math.max(there, busyUntil) - begunMs, wholeMs: whole };
}

async function threadTime(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN);
  };
}

/**
 * Times what a page does from a function called in it to an answer.
 * @param act an expression run in the page; null for opening the page itself, from its navigation on
 * @param answer an expression that is true once the answer is there
 * @param whole one that is true once there is nothing more to come
 */
export async function timeAnswer(
  page: Page,
  act: string | null,
  answer: string,
  whole = 'false',
): Promise<PageTime> {
  const clock = await threadTime(page);
  const before = act === null ? 0 : await clock();
  const begunMs =
    act === null
      ? 0
      : await page.evaluate<number>(`(() => { const at = performance.now(); ${act}; return at; })()`);
  const found = await page.evaluate<Pick<PageTime, 'answeredMs' | 'wholeMs'>>(
    `(${settle.toString()})(() => (${answer}), () => (${whole}), ${begunMs}, ${QUIET_MS}, ${PATIENCE_MS})`,
  );
  return { ...found, threadMs: (await clock()) - before };
}

interface WatchedFrames {
  readonly intervals: number[];
  readonly work: number[];
}

/** Runs in the page: the time between frames and the work for each, until told to stop. */
function watchFrames(): void {
  const watched = { intervals: [] as number[], work: [] as number[], stop: false };
  // The first task after a frame's callbacks, style, layout and paint: until then the main thread was at work on it.
  const { port1, port2 } = new MessageChannel();
  let [last, begun] = [0, 0];
  port1.onmessage = () => watched.work.push(performance.now() - begun);
  const step = (now: number): void => {
    if (last > 0) watched.intervals.push(now - last);
    [last, begun] = [now, performance.now()];
    port2.postMessage(null);
    if (!watched.stop) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  Object.assign(window, { watched });
}

/** Runs in the page: what was seen. */
function stopWatching(): WatchedFrames {
  const { watched } = window as unknown as { watched: WatchedFrames & { stop: boolean } };
  watched.stop = true;
  return { intervals: watched.intervals, work: watched.work };
}

/** The value that a share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;
}

/** Drags from the middle of an element to and fro and times the frames. */
export async function timeDragging(
  page: Page,
  selector: string,
  modifier: 'Alt' | null,
): Promise<FrameTimes> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`benchmark: found no ${selector} to drag`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const clock = await threadTime(page);
  if (modifier !== null) await page.keyboard.down(modifier);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const before = await clock();
  await page.evaluate(watchFrames);
  for (let step = 0; step < 120; step++) {
    await page.mouse.move(x + 60 * Math.sin(step / 8), y + 20 * Math.sin(step / 5));
  }
  const { intervals, work } = await page.evaluate(stopWatching);
  const threadMs = (await clock()) - before;
  await page.mouse.up();
  if (modifier !== null) await page.keyboard.up(modifier);
  return {
    medianMs: quantile(intervals, 0.5),
    p95Ms: quantile(intervals, 0.95),
    workMedianMs: quantile(work, 0.5),
    workP95Ms: quantile(work, 0.95),
    threadMs: threadMs / intervals.length,
    frames: intervals.length,
  };
}

/** In an open studio, from the click on "Runs" to the list drawn. */
export async function timeList(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForSelector('main h1');
    await timeAnswer(page, null, 'true');
    const click = `document.querySelector('nav a[href="#/runs"]').click()`;
    return (await timeAnswer(page, click, RUNS_LISTED)).answeredMs;
  } finally {
    await context.close();
  }
}
