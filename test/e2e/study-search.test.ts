import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors, type OpenDoor } from './doors.ts';
import { findInThemes } from './support/accessibility.ts';
import { createHome, type TemporaryHome } from './support/home.ts';
import { SMALL_TRIALS, smallSearch } from './support/searches.ts';

const SOON = { timeout: 60_000, interval: 100 };
/** Training may share the machine with much else. */
const LATER = { timeout: 180_000, interval: 200 };
const MORE = 3;

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** The state in the header of a study or a run. */
const stateOf = (page: Page) => page.locator('main header [data-state]').first().getAttribute('data-state');
const fact = (page: Page, name: string) =>
  page.locator('main header dl > div').filter({ hasText: name }).locator('dd').innerText();
/** The card that starts the search, with what it comes to. */
const start = (page: Page) => page.locator('[data-search="mine/small-search"]');

describe.each(doors)('a search that is run in the $name', (door) => {
  let home: TemporaryHome;
  let opened: OpenDoor;
  let address: string;

  beforeAll(async () => {
    home = createHome();
    mkdirSync(join(home.path, 'experiments'), { recursive: true });
    writeFileSync(join(home.path, 'experiments', 'small-search.json'), JSON.stringify(smallSearch));
    opened = await door.open(home);
  });

  afterAll(async () => {
    await opened.close();
    home.remove();
  });

  it('begins from the list, pauses, goes on and ends, by keyboard alone', async () => {
    const { page } = opened;
    await go(page, '#/studies');
    await expect
      .poll(() => start(page).innerText(), SOON)
      .toMatch(`${SMALL_TRIALS} trials, ${2 * SMALL_TRIALS} nets; time known after the first trials`);
    await page.getByRole('button', { name: 'Start the search Circles, small search' }).press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Circles, small search', level: 1 }).waitFor();
    address = await page.evaluate(() => location.hash);
    expect(address).toMatch(/^#\/study\/s/);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('p');
    await expect.poll(() => stateOf(page), SOON).toBe('paused');
    await page.getByText('Paused; nothing is lost').waitFor();
    await page.keyboard.press('p');
    await expect.poll(() => stateOf(page), LATER).toBe('finished');
    await expect.poll(() => fact(page, 'Trials'), SOON).toBe(`${SMALL_TRIALS} finished of ${SMALL_TRIALS}`);
    await page
      .getByRole('application', { name: new RegExp(`^Dev loss of ${SMALL_TRIALS} trials`) })
      .waitFor();
    const rows = page.getByRole('grid', { name: 'Trials' }).locator('[data-row]');
    await expect.poll(() => rows.count(), SOON).toBe(SMALL_TRIALS);
  });

  it('is gone on with by more trials, which it shows as they end', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Add trials…' }).press('Enter');
    await page.getByLabel('More trials').fill(String(MORE));
    await page.keyboard.press('Enter');
    const all = SMALL_TRIALS + MORE;
    await expect.poll(() => fact(page, 'Trials'), LATER).toBe(`${all} finished of ${all}`);
    await expect.poll(() => stateOf(page), LATER).toBe('finished');
    const rows = page.getByRole('grid', { name: 'Trials' }).locator('[data-row]');
    await expect.poll(() => rows.count(), SOON).toBe(all);
  });

  it('tells how long it would take once more, from the nets that were trained', async () => {
    const { page } = opened;
    await go(page, '#/studies');
    await expect.poll(() => start(page).innerText(), SOON).toMatch(/12 nets; about \d/);
    await page.locator('[data-study] a').first().press('Enter');
    await page.getByRole('heading', { name: 'Circles, small search', level: 1 }).waitFor();
  });

  it('opens the test part to its winner, trained on all training data, and counts that', async () => {
    const { page } = opened;
    expect(await fact(page, 'Test part opened')).toBe('never');
    await page.getByRole('button', { name: 'Evaluate the winner on test…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Open the test part to trial \d+$/ });
    await dialog.getByText('It has not been opened to this study before.').waitFor();
    await dialog.getByRole('button', { name: 'Open the test part' }).press('Enter');
    await expect.poll(() => fact(page, 'Test part opened'), SOON).toBe('once');
    const openings = page.getByRole('region', { name: 'Openings of the test part' });
    await openings.getByText('The test part was opened once').waitFor();
    await openings.getByRole('link', { name: 'its run' }).press('Enter');
    await expect.poll(() => page.evaluate(() => location.hash), SOON).toMatch(/^#\/run\//);
    await expect.poll(() => stateOf(page), LATER).toBe('finished');
    // Circles has 200 examples to learn from: with none held out, all of them are learnt from.
    await expect.poll(() => page.locator('main').innerText(), SOON).toMatch(/Test/);
  });

  it('trains a point of it as a run, which is an opening too', async () => {
    const { page } = opened;
    await go(page, address);
    const row = page.getByRole('grid', { name: 'Trials' }).locator('[data-row="0"]');
    await row.press('Enter');
    await page.getByRole('table', { name: /^Nets of trial/ }).waitFor(SOON);
    await page.getByRole('button', { name: 'Train this point as a run' }).press('Enter');
    await expect.poll(() => page.evaluate(() => location.hash), SOON).toMatch(/^#\/run\//);
    await expect.poll(() => stateOf(page), LATER).toBe('finished');
    await go(page, address);
    await expect.poll(() => fact(page, 'Test part opened'), SOON).toBe('2 times');
  });

  it('has nothing for axe to find with its questions open, in either theme', async () => {
    const { page } = opened;
    await go(page, address);
    const found: string[] = [];
    const look = async (name: string) => {
      found.push(...(await findInThemes(page, `${door.name}-${name}`)));
    };
    await page.getByRole('button', { name: 'Add trials…' }).click();
    await look('study-extend');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Evaluate the winner on test…' }).click();
    await look('study-test');
    await page.keyboard.press('Escape');
    await go(page, '#/experiment/mine/small-search');
    const form = page.getByRole('region', { name: 'Search' });
    await form.scrollIntoViewIfNeeded();
    await expect.poll(() => form.innerText(), SOON).toMatch(/12 nets/);
    await look('study-space');
    expect(found).toEqual([]);
  });
});
