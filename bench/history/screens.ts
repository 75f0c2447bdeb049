import type { Browser, Page } from 'playwright-core';
import { RUNS_LISTED, timeAnswer, timeDragging, type FrameTimes, type PageTime } from './page-clock.ts';

/** One round of one program. */
export interface ScreenTimes {
  /** The page opened anew on its list of runs. */
  readonly open: PageTime;
  /** 200 chosen runs' loss curves drawn, the program and its data already there. */
  readonly compare: PageTime;
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
  return {
    name: 'Epoch Studio',
    measure: (browser) =>
      withPage(browser, async (page) => {
        await page.goto(`${address}#/runs`, { waitUntil: 'commit' });
        const open = await timeAnswer(page, null, RUNS_LISTED);
        const compare = await timeAnswer(
          page,
          `location.hash = '#/compare/${runIds.join('/')}'`,
          `[...document.querySelectorAll('[role=application]')].some((chart) =>
             Number(/^Loss of (\\d+) curves/.exec(chart.ariaLabel ?? '')?.[1]) >= ${runIds.length})`,
        );
        return {
          open,
          compare,
          pan: await timeDragging(page, '[role=application][aria-label^="Loss"] canvas', null),
        };
      }),
  };
}

/**
 * Its list is timed as it opens by default. The comparison begins on a page whose list already holds no other runs and
 * whose only chart is that of the dev loss, with everything read: less than it does for a user who filters by hand.
 */
export function tensorBoardContestant(address: string, runIds: readonly string[]): Contestant {
  const runFilter = encodeURIComponent(`^(${runIds.join('|')})$`);
  const filtered = `${address}?tagFilter=${encodeURIComponent('^dev/loss$')}&runFilter=${runFilter}#timeseries`;
  return {
    name: 'TensorBoard',
    measure: async (browser) => {
      const open = await withPage(browser, async (page) => {
        await page.goto(`${address}#timeseries`, { waitUntil: 'commit' });
        return timeAnswer(page, null, ROWS);
      });
      return withPage(browser, async (page) => {
        await page.goto(filtered, { waitUntil: 'commit' });
        await page.waitForResponse((response) => response.url().endsWith('/timeSeries'));
        await timeAnswer(page, null, `${ROWS} && document.querySelector('scalar-card line-chart') !== null`);
        const compare = await timeAnswer(page, `document.querySelector('${SELECT_ALL}').click()`, DRAWN);
        return { open, compare, pan: await timeDragging(page, 'scalar-card line-chart', 'Alt') };
      });
    },
  };
}

const ROWS = `document.querySelectorAll('tb-data-table-content-row').length > 10`;
const SELECT_ALL = 'tb-data-table-header-cell input[type=checkbox], runs-data-table input[type=checkbox]';
/** The card's own table names the runs that its chart shows. */
const DRAWN = `document.querySelectorAll('scalar-card tb-data-table-content-row').length > 0`;
