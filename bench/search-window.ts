/**
 * `npm run bench -- search-window`: A1's whole search (500 configurations by 5 folds) begun on the screen, in headless
 * Chromium and in the real Electron window, with its dashboard open and a brush moved along an axis every few seconds.
 * Tells how long the search took and how the frames came meanwhile.
 */
import type { Page } from 'playwright-core';
import { doors, type Door } from '../test/e2e/doors.ts';
import { percentile } from '../test/e2e/support/percentile.ts';
import { dragAlong, type Frames } from '../test/e2e/support/frames.ts';
import { createHome } from '../test/e2e/support/home.ts';

const NAME = 'Noisy curve, random search';
const MOST_MINUTES = 4;
const PAUSE_MS = 5_000;
const FRAMES = 60;
const STRIP = '[data-panel="study-parallel"] .strip';

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const stateOf = (page: Page) => page.locator('main header [data-state]').first().getAttribute('data-state');

/** Moves a brush from time to time until the search has ended. */
async function watch(page: Page): Promise<Frames> {
  const all = { intervals: [] as number[], work: [] as number[] };
  while ((await stateOf(page)) !== 'finished') {
    await page.waitForTimeout(PAUSE_MS);
    const { intervals, work } = await dragAlong(page, STRIP, { from: 0.05, to: 0.95, frames: FRAMES });
    all.intervals.push(...intervals);
    all.work.push(...work);
  }
  return all;
}

async function searchOnScreen(door: Door): Promise<void> {
  const home = createHome();
  const opened = await door.open(home);
  try {
    const { page } = opened;
    await page.evaluate(() => (location.hash = '#/studies'));
    await page.getByRole('button', { name: `Start the search ${NAME}` }).press('Enter');
    const startMs = performance.now();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: NAME, level: 1 }).waitFor();
    const { intervals, work } = await watch(page);
    const minutes = (performance.now() - startMs) / 60_000;
    tell(
      `${door.name}: ${minutes.toFixed(2)} min (most ${MOST_MINUTES}: ${minutes <= MOST_MINUTES ? 'reached' : 'missed'}); ` +
        `frames while brushing: ${intervals.length}, p50 ${percentile(intervals, 50).toFixed(1)} ms, ` +
        `p95 ${percentile(intervals, 95).toFixed(1)} ms, worst ${Math.max(...intervals).toFixed(0)} ms; ` +
        `work p95 ${percentile(work, 95).toFixed(1)} ms`,
    );
  } finally {
    await opened.close();
    home.remove();
  }
}

for (const door of doors) await searchOnScreen(door);
