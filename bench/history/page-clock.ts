import type { Browser, Page } from 'playwright-core';

/** How long a page took over something. */
export interface PageTime {
  /** Until what was asked for was there and the page had stopped working on it. */
  readonly answeredMs: number;
  /** What the main thread worked meanwhile: depends less on what else the machine does. */
  readonly threadMs: number;
}

/** Frames while something moved. */
export interface FrameTimes {
  readonly medianMs: number;
  readonly p95Ms: number;
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
  begunMs: number,
  quietMs: number,
  patienceMs: number,
): Promise<number> {
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
  while ((await nextFrame()) - Math.max(there, busyUntil) < quietMs);
  observer.disconnect();
  return Math.max(there, busyUntil) - begunMs;
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
 */
export async function timeAnswer(page: Page, act: string | null, answer: string): Promise<PageTime> {
  const clock = await threadTime(page);
  const before = act === null ? 0 : await clock();
  const begunMs =
    act === null
      ? 0
      : await page.evaluate<number>(`(() => { const at = performance.now(); ${act}; return at; })()`);
  const answeredMs = await page.evaluate<number>(
    `(${settle.toString()})(() => (${answer}), ${begunMs}, ${QUIET_MS}, ${PATIENCE_MS})`,
  );
  return { answeredMs, threadMs: (await clock()) - before };
}

/** Runs in the page: frames' lengths until told to stop. */
function watchFrames(): void {
  const times: number[] = [];
  let last = 0;
  const step = (now: number): void => {
    if (last > 0) times.push(now - last);
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  Object.assign(window, { frameTimes: times });
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
  if (modifier !== null) await page.keyboard.down(modifier);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(watchFrames);
  for (let step = 0; step < 120; step++) {
    await page.mouse.move(x + 60 * Math.sin(step / 8), y + 20 * Math.sin(step / 5));
  }
  const times = await page.evaluate(() => (window as unknown as { frameTimes: number[] }).frameTimes);
  await page.mouse.up();
  if (modifier !== null) await page.keyboard.up(modifier);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { medianMs: at(0.5), p95Ms: at(0.95), frames: sorted.length };
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
