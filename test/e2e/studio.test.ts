import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors, type OpenDoor } from './doors.ts';
import { findInThemes } from './support/accessibility.ts';
import { createHome, type TemporaryHome } from './support/home.ts';

const SOON = { timeout: 20_000, interval: 100 };
/** Training may share the machine with much else. */
const LATER = { timeout: 120_000, interval: 200 };

/** Two spirals, a piece of MNIST, two circles. */
const RUNS_SO_FAR = 3;

/** Electron 22 died within two of them when its Node's serializer spoke to the studio process. */
const VISITS = 6;

const stateOf = (page: Page) => page.locator('main [data-state]').first().getAttribute('data-state');
const lossLabel = (page: Page) =>
  page.getByRole('img', { name: /^Loss per epoch/ }).getAttribute('aria-label');
const stepText = (page: Page) => page.getByRole('region', { name: 'Progress' }).innerText();

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** What a canvas shows, to see whether it changed. */
function picture(page: Page): Promise<string> {
  return page
    .locator('canvas')
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

/** A tenth of MNIST, many epochs: long enough to pause it, short enough for a test. */
async function shortenMnist(page: Page): Promise<void> {
  await go(page, '#/experiment/mnist-mlp');
  await page.getByLabel('Training examples').fill('6000');
  await page.getByLabel('Epochs', { exact: true }).fill('150');
  await expect.poll(() => page.getByText('Steps per epoch').locator('..').innerText(), SOON).toContain('85');
}

async function startWithSeed(page: Page, seed: string): Promise<void> {
  await page.getByRole('button', { name: /^Run / }).click();
  await page.getByLabel('Seed', { exact: true }).fill(seed);
  await page.getByRole('button', { name: 'Start' }).click();
}

describe.each(doors)('the studio in the $name', (door) => {
  let home: TemporaryHome;
  let opened: OpenDoor;

  beforeAll(async () => {
    home = createHome();
    opened = await door.open(home);
  });

  afterAll(async () => {
    await opened.close();
    home.remove();
  });

  it('runs a gallery experiment to its end with curves to see', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Run Two spirals', exact: true }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => stateOf(page), LATER).toBe('finished');
    await expect.poll(() => lossLabel(page), SOON).toMatch(/train 0\.\d+, dev 0\.\d+, test 0\.\d+/);
    expect(await page.getByText('100 of 100').count()).toBe(1);
  });

  it('shows the curves move, pauses, resumes, finishes, and finds the run after a restart', async () => {
    let { page } = opened;
    await shortenMnist(page);
    await startWithSeed(page, '7');
    await expect.poll(() => lossLabel(page), LATER).toMatch(/dev 0/);
    const [label, curve] = [await lossLabel(page), await picture(page)];
    await expect.poll(() => lossLabel(page), SOON).not.toBe(label);
    await expect.poll(() => picture(page), SOON).not.toBe(curve);

    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => stateOf(page), SOON).toBe('paused');
    await page.waitForTimeout(600);
    const paused = await stepText(page);
    await page.waitForTimeout(1_000);
    expect(await stepText(page)).toBe(paused);

    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => stateOf(page), SOON).toBe('running');
    await expect.poll(() => stateOf(page), LATER).toBe('finished');
    await expect.poll(() => page.getByText('150 of 150').count(), SOON).toBe(1);
    await expect
      .poll(() => page.getByText('Test accuracy', { exact: false }).count(), SOON)
      .toBeGreaterThan(0);
    const result = await lossLabel(page);

    await opened.close();
    opened = await door.open(home);
    page = opened.page;
    await go(page, '#/runs');
    await page
      .getByRole('row', { name: /MNIST digits, MLP/ })
      .getByRole('link')
      .click();
    await expect.poll(() => stateOf(page), SOON).toBe('finished');
    expect(await lossLabel(page)).toBe(result);
  });

  it('says beside the field what a change breaks, and takes no such run', async () => {
    const { page } = opened;
    await go(page, '#/experiment/mnist-cnn');
    const units = page.locator('[data-field="model.layers.5.units"]');
    await units.getByRole('textbox').fill('0');
    await expect.poll(() => units.innerText(), SOON).toMatch(/units/i);
    await expect.poll(() => units.getByRole('textbox').getAttribute('aria-invalid'), SOON).toBe('true');
    expect(await page.getByRole('button', { name: /^Run / }).isDisabled()).toBe(true);
    await units.getByRole('textbox').fill('32');
    await expect.poll(() => page.getByRole('button', { name: /^Run / }).isEnabled(), SOON).toBe(true);

    await page.getByRole('tab', { name: 'JSON' }).click();
    const text = page.getByRole('tabpanel').getByRole('textbox');
    await text.fill((await text.inputValue()).replace('"units": 32', '"units": 48'));
    await page.getByRole('tab', { name: 'Form' }).click();
    expect(await units.getByRole('textbox').inputValue()).toBe('48');
  });

  it('is worked by keyboard alone: palette, history, delete and undo', async () => {
    const { page } = opened;
    await page.keyboard.press('Control+k');
    await page.keyboard.type('run two circles');
    const results = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
    await expect.poll(() => results.first().innerText(), SOON).toContain('Run Two circles');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Two circles', level: 1 }).waitFor();
    await expect.poll(() => stateOf(page), LATER).toBe('finished');

    await page.keyboard.press('3');
    await expect.poll(() => page.getByRole('row').count(), SOON).toBe(1 + RUNS_SO_FAR);
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => page.getByText('2 selected').count(), SOON).toBe(1);
    await page.keyboard.press('Delete');
    await expect.poll(() => page.getByRole('row').count(), SOON).toBe(1 + RUNS_SO_FAR - 2);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect.poll(() => page.getByRole('row').count(), SOON).toBe(1 + RUNS_SO_FAR);

    await page.keyboard.press('/');
    await page.keyboard.type('spirals');
    await expect.poll(() => page.getByRole('row').count(), SOON).toBe(2);
    await page.getByRole('searchbox').fill('');
    await page.keyboard.press('Tab');
    await page.keyboard.press('?');
    await expect.poll(() => page.getByRole('dialog').count(), SOON).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count(), SOON).toBe(0);
  });

  it('lives on while runs are opened and left again and again', async () => {
    const { page } = opened;
    for (let visit = 0; visit < VISITS; visit++) {
      await go(page, '#/runs');
      await page
        .getByRole('row', { name: /Two spirals/ })
        .getByRole('link')
        .click();
      await expect.poll(() => stateOf(page), SOON).toBe('finished');
      await go(page, '#/gallery');
      await page.locator('main h1').waitFor();
      await page.waitForTimeout(200);
    }
  });

  it('has nothing for axe to find on any screen in either theme', async () => {
    const { page } = opened;
    await go(page, '#/runs');
    await page
      .getByRole('row', { name: /Two spirals/ })
      .getByRole('link')
      .click();
    await expect.poll(() => stateOf(page), SOON).toBe('finished');
    const run = await page.evaluate(() => location.hash);
    const screens = {
      gallery: '#/gallery',
      experiment: '#/experiment/mnist-cnn',
      run,
      data: '#/data',
      runs: '#/runs',
      settings: '#/settings',
    };
    const found: string[] = [];
    for (const [name, hash] of Object.entries(screens)) {
      await go(page, hash);
      await page.locator('main h1').waitFor();
      await page.waitForTimeout(500);
      found.push(...(await findInThemes(page, `${door.name}-${name}`)));
    }
    expect(found).toEqual([]);
  });
});
