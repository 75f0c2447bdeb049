import type { Browser, Page, WebSocket } from 'playwright-core';
import { RUNS_LISTED, timeAnswer, timeDragging, type FrameTimes, type PageTime } from './page-clock.ts';

/** One round of one program. */
export interface ScreenTimes {
  /** The page opened anew on its list of runs. */
  readonly open: PageTime;
  /** The page opened anew on the comparison of 200 runs, until their loss curves are drawn. */
  readonly openCompared: PageTime;
  /** 200 runs drawn by a click in a page that is open on them, has their points and draws none of them, or one. */
  readonly compare: PageTime;
  /** Another screen opened on the runs selected in the list, read ahead; null where there is no such thing. */
  readonly compareSelected: PageTime | null;
  /** The same where the page knows nothing of these runs. */
  readonly compareUnread: PageTime | null;
  readonly pan: FrameTimes;
}

/** A running program that shows runs in a browser. */
export interface Contestant {
  readonly name: string;
  readonly measure: (browser: Browser) => Promise<ScreenTimes>;
}

const PATIENCE_MS = 600_000;
const SIZE = { width: 1_280, height: 860 };

async function withPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: SIZE });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** @param address of the served studio, with its token */
export function studioContestant(address: string, runIds: readonly string[]): Contestant {
  const compared = `#/compare/${runIds.join('/')}`;
  // Set once a chart's picture has so many lines: those of accuracy and loss.
  const drawn = `document.querySelectorAll('[data-drawn="${runIds.length}"]').length >= 2`;
  /** A page that knows the address's token, so that it opens where it is told to. */
  const reopenAt = async (page: Page, hash: string): Promise<void> => {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.reload({ waitUntil: 'commit' });
  };
  return {
    name: 'Epoch Studio',
    measure: (browser) =>
      withPage(browser, async (page) => {
        await page.goto(address);
        await page.waitForSelector('main h1');
        await reopenAt(page, compared);
        const openCompared = await timeAnswer(page, null, drawn);
        await reopenAt(page, '#/runs');
        const open = await timeAnswer(page, null, RUNS_LISTED);
        const compareUnread = await timeAnswer(page, `location.hash = '${compared}'`, drawn, WHOLE);
        const connected = page.waitForEvent('websocket');
        await reopenAt(page, '#/runs');
        await timeAnswer(page, null, RUNS_LISTED);
        await selectRuns(page, await connected, runIds);
        const compareSelected = await timeAnswer(page, COMPARE_SELECTED, drawn, WHOLE);
        await page.evaluate(SHOW_ONE);
        await timeAnswer(page, null, ONE_DRAWN);
        const compare = await timeAnswer(page, SHOW_ALL, drawn);
        const pan = await timeDragging(page, '[role=application][aria-label^="Loss"] canvas', null);
        return { open, openCompared, compare, compareSelected, compareUnread, pan };
      }),
  };
}

/**
 * Selects these runs in the open list, as many at once as one condition names, and waits until the page has read ahead what
 * their comparison begins with.
 */
async function selectRuns(page: Page, socket: WebSocket, runIds: readonly string[]): Promise<void> {
  // Curves are all that has numbers in this form; the last run is in none that is read before all are selected.
  const isRead = ({ payload }: { payload: string | Buffer }): boolean =>
    payload.includes('"Float64Array"') && payload.includes(runIds.at(-1)!);
  const read = socket.waitForEvent('framereceived', { predicate: isRead, timeout: PATIENCE_MS });
  for (let from = 0; from < runIds.length; from += MOST_NAMED) {
    const some = runIds.slice(from, from + MOST_NAMED);
    await page.getByRole('searchbox').fill(`id:${some.join()}`);
    await page.getByText(`${some.length} runs`, { exact: true }).waitFor();
    await page.locator(`[data-row="0"] a[href$="${some.at(-1)}"]`).waitFor();
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Home');
  }
  await page.getByText(`${runIds.length} selected`).waitFor();
  await read;
  await timeAnswer(page, null, 'true');
}

const MOST_NAMED = 100;
const SHOW_ONE = `document.querySelector('[aria-label^="Show only"]').click()`;
const ONE_DRAWN = `document.querySelectorAll('[data-drawn="1"]').length >= 2`;
const SHOW_ALL = `document.querySelector('section[aria-label=Legend] header button').click()`;
/** The groups are there, which come last. */
const WHOLE = `document.querySelector('[data-panel="compare-groups"] tbody tr') !== null`;
const COMPARE_SELECTED = `[...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Compare').click()`;

/**
 * Its list is timed as it opens by default. Its comparison is opened by an address that filters the runs and leaves one
 * chart, that of the dev loss; the runs are chosen by a click as soon as they are listed. Drawn in an open page, the same
 * click comes when all points have been read: less than it does for a user who filters by hand.
 */
export function tensorBoardContestant(address: string, runIds: readonly string[]): Contestant {
  const runFilter = encodeURIComponent(`^(${runIds.join('|')})$`);
  const filtered = `${address}?tagFilter=${encodeURIComponent('^dev/loss$')}&runFilter=${runFilter}#timeseries`;
  const timed = <T>(browser: Browser, at: string, measure: (page: Page) => Promise<T>): Promise<T> =>
    withPage(browser, async (page) => {
      await page.goto(at, { waitUntil: 'commit' });
      return measure(page);
    });
  return {
    name: 'TensorBoard',
    measure: async (browser) => ({
      open: await timed(browser, `${address}#timeseries`, (page) => timeAnswer(page, null, ROWS)),
      openCompared: await timed(browser, filtered, (page) => timeAnswer(page, null, CHOSEN_AND_DRAWN)),
      ...(await timed(browser, filtered, async (page) => {
        await page.waitForResponse((response) => response.url().endsWith('/timeSeries'));
        await timeAnswer(page, null, `${ROWS} && document.querySelector('scalar-card line-chart') !== null`);
        const compare = await timeAnswer(page, `document.querySelector('${SELECT_ALL}').click()`, DRAWN);
        return {
          compare,
          compareSelected: null,
          compareUnread: null,
          pan: await timeDragging(page, 'scalar-card line-chart', 'Alt'),
        };
      })),
    }),
  };
}

const ROWS = `document.querySelectorAll('tb-data-table-content-row').length > 10`;
const SELECT_ALL = 'tb-data-table-header-cell input[type=checkbox], runs-data-table input[type=checkbox]';
/** The card's own table names the runs that its chart shows. */
const DRAWN = `document.querySelectorAll('scalar-card tb-data-table-content-row').length > 0`;
/** Chooses all runs once they are listed; true when they are drawn. */
const CHOSEN_AND_DRAWN = `(() => {
  if (${ROWS} && !window.chosen) { window.chosen = true; document.querySelector('${SELECT_ALL}').click(); }
  return ${DRAWN};
})()`;
