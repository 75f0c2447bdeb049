import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childPids } from './kill/studio-process.ts';
import { findViolations } from './support/accessibility.ts';
import { launchBrowser } from './support/browser.ts';
import { createHome, type TemporaryHome } from './support/home.ts';
import { takeBothThemes } from './support/screens.ts';
import { serveStudio, type ServedStudio } from './support/serve.ts';

const SOON = { timeout: 20_000, interval: 100 };
/** Training may share the machine with much else. */
const LATER = { timeout: 30_000, interval: 200 };
/** The smallest window in which everything must be reached. */
const SMALL = { width: 1024, height: 700 };

const stateOf = (page: Page) => page.locator('main header [data-state]').getAttribute('data-state');

/** What the file of an experiment holds, as far as these tests change it. */
interface ExperimentFile {
  training: { optimizer: object };
}

async function openExperiment(page: Page, id: string): Promise<void> {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/experiment/${id}`);
}

async function openJson(page: Page, id: string, change: (file: ExperimentFile) => void): Promise<void> {
  await openExperiment(page, id);
  await page.getByRole('tab', { name: 'JSON' }).click();
  const text = page.getByRole('tabpanel').getByRole('textbox');
  const file = JSON.parse(await text.inputValue()) as ExperimentFile;
  change(file);
  await text.fill(JSON.stringify(file, null, 2));
  await expect.poll(() => page.getByRole('button', { name: /^Run / }).isEnabled(), SOON).toBe(true);
}

async function start(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run / }).click();
  await page.getByRole('button', { name: 'Start' }).click();
}

describe('when something goes wrong, the screens', () => {
  let home: TemporaryHome;
  let served: ServedStudio;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    home = createHome();
    served = await serveStudio(home);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: SMALL });
    await page.goto(served.address);
    await page.locator('[data-card]').first().waitFor();
  });

  afterAll(async () => {
    await browser.close();
    await served.stop();
    home.remove();
  });

  it('say in which epoch a run failed and what to do, and run it again from there', async () => {
    await openJson(page, 'mnist-mlp', ({ training }) => {
      training.optimizer = { kind: 'sgd', learningRate: 100 };
    });
    await start(page);
    const problem = page.getByRole('region', { name: 'The run failed' });
    await problem.waitFor({ timeout: LATER.timeout });
    expect(await problem.innerText()).toMatch(/epoch 1/i);
    expect(await problem.getByRole('link', { name: 'Change the experiment' }).count()).toBe(1);
    await takeBothThemes(page, 'failed-run');
    expect(await findViolations(page)).toEqual([]);

    const failed = page.url();
    await page.getByRole('button', { name: /^Run again/ }).click();
    expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('1');
    await takeBothThemes(page, 'run-again');
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => page.url(), SOON).not.toBe(failed);
    await expect.poll(() => stateOf(page), LATER).toBe('failed');
  });

  it.skipIf(process.platform !== 'linux')(
    'offer to resume a run whose trainer was killed, and one click goes on to its end',
    async () => {
      await openExperiment(page, 'mnist-mlp');
      await page.getByLabel('Training examples').fill('6000');
      await page.getByLabel('Epochs', { exact: true }).fill('60');
      await expect
        .poll(() => page.getByText('Steps per epoch').locator('..').innerText(), SOON)
        .toContain('85');
      await start(page);
      await page.getByRole('img', { name: /^Loss per epoch.*dev 0/ }).waitFor({ timeout: LATER.timeout });
      const trainers = childPids(served.pid).flatMap((studio) => childPids(studio));
      expect(trainers).toHaveLength(1);
      for (const trainer of trainers) process.kill(trainer, 'SIGKILL');
      await expect.poll(() => stateOf(page), SOON).toBe('crashed');
      await takeBothThemes(page, 'crashed-run');
      expect(await findViolations(page)).toEqual([]);

      await page.getByRole('button', { name: 'Resume from the last checkpoint' }).click();
      await expect.poll(() => stateOf(page), LATER).toBe('finished');
      expect(await page.getByText('60 of 60').count()).toBe(1);
      expect(await page.getByText('The program that trained this run is gone').count()).toBe(0);
    },
  );

  it('keep tags and notes, and an experiment saved as mine', async () => {
    await page.getByLabel('New tag').fill('paper');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the tag paper' }).waitFor();
    await page.getByLabel(/^Notes/).fill('Survived a kill.');
    await page.getByLabel('New tag').focus();
    await page.reload();
    await page.getByRole('button', { name: 'Remove the tag paper' }).waitFor();
    expect(await page.getByLabel(/^Notes/).inputValue()).toBe('Survived a kill.');

    await page.getByRole('link', { name: 'Experiment', exact: true }).click();
    await page.getByLabel('Epochs', { exact: true }).fill('12');
    await page.getByRole('button', { name: 'Save as mine' }).click();
    await page.getByText('Saved among your own experiments').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${page.url().split('#')[0] ?? ''}#/gallery`);
    await expect.poll(() => page.locator('[data-card^="mine/"]').count(), SOON).toBe(1);
    await takeBothThemes(page, 'mine');
  });

  it('say that the studio is gone while it is', async () => {
    await served.stop();
    const lost = page.getByRole('alert').filter({ hasText: /connection|lost|reach/i });
    await lost.first().waitFor({ timeout: SOON.timeout });
    await takeBothThemes(page, 'link-lost');
  });
});
