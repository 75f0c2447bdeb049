import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/accessibility.ts';
import { launchBrowser } from './support/browser.ts';
import { runStudio } from './support/command-line.ts';
import { createHome, type TemporaryHome } from './support/home.ts';
import { takeScreen, themes } from './support/screens.ts';
import { serveStudio, type ServedStudio } from './support/serve.ts';

const circles = {
  schemaVersion: 1,
  name: 'Few circles',
  data: {
    dataset: 'circles',
    generator: { trainExamples: 100, testExamples: 60, noise: 0.1, seed: 1 },
    split: { devFraction: 0.2 },
  },
  model: {
    layers: [
      { kind: 'dense', units: 8, activation: 'tanh' },
      { kind: 'dense', units: 2 },
    ],
  },
  training: { optimizer: { kind: 'adam', learningRate: 0.05 }, epochs: 4, batchSize: 20 },
};

async function textOf(download: Promise<Download>): Promise<string> {
  return readFileSync(await (await download).path(), 'utf8');
}

describe('the figures of an experiment', () => {
  let home: TemporaryHome;
  let served: ServedStudio;
  let browser: Browser;
  let page: Page;
  let runId: string;

  beforeAll(async () => {
    home = createHome();
    const own = join(home.path, 'experiments');
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'few.json'), JSON.stringify(circles));
    const { code, stderr } = await runStudio(home, 'experiments', 'run', 'mine/few');
    expect(code, stderr).toBe(0);
    const { stdout } = await runStudio(home, 'runs', '--json');
    runId = /"id": "([0-9a-z]+)"/.exec(stdout)?.[1] ?? '';
    served = await serveStudio(home);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    await page.goto(served.address);
  });

  afterAll(async () => {
    await browser.close();
    await served.stop();
    home.remove();
  });

  it('come out of one command', async () => {
    const out = join(home.path, 'figures');
    const { code, stderr } = await runStudio(
      home,
      ...['export', 'figures', '--experiment', 'mine/few', '--out', out, '--dpi', '100'],
    );
    expect(code, stderr).toBe(0);
    const files = readdirSync(out);
    for (const name of ['few-learning-curves', 'few-boundary', 'few-confusion', 'few-weights'])
      for (const format of ['svg', 'png', 'pdf', 'csv']) expect(files).toContain(`${name}.${format}`);
    for (const name of ['few-results.tex', 'few-classes.md', 'few-model.csv']) expect(files).toContain(name);
    expect(decode(readFileSync(join(out, 'few-confusion.png'))).width).toBe(Math.round((84 / 25.4) * 100));
    expect(readFileSync(join(out, 'few-confusion.svg'), 'utf8')).toContain(`run ${runId}`);
  });

  it('are refused with the way out where nothing has run', async () => {
    const { code, stderr } = await runStudio(home, 'export', 'figures', '--experiment', 'C2');
    expect(code).toBe(2);
    expect(stderr).toContain('experiments run c2-fmnist-cnn');
  });

  it('stand on the report screen as they will print, and are saved as one zip', async () => {
    await page.goto(`${served.address.replace(/#.*$/, '')}#/report/mine%2Ffew`);
    const picture = page.getByRole('img', { name: /confusion on test/ });
    await picture.waitFor({ timeout: 60_000 });
    const widthMm = await picture.evaluate((image) => (image.clientWidth / 96) * 25.4);
    expect(Math.abs(widthMm - 84)).toBeLessThan(1.5);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export all' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('mine-few-figures.zip');
    expect(
      readFileSync(await download.path())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      expect(await findViolations(page), theme).toEqual([]);
      await takeScreen(page, `report-${theme}`);
    }
  });

  it('are exported from their panel, with the run they are of', async () => {
    await page.goto(`${served.address.replace(/#.*$/, '')}#/run/${runId}`);
    const menu = page.getByRole('button', { name: 'Export Confusion matrix' });
    await menu.click();
    const svg = textOf(page.waitForEvent('download'));
    await page.getByRole('button', { name: 'SVG', exact: true }).click();
    expect(await svg).toContain(`<dc:source>run ${runId}</dc:source>`);
    await page.keyboard.press('Escape');
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Export Per class' }).click();
    const latex = textOf(page.waitForEvent('download'));
    await page.getByRole('button', { name: 'LaTeX', exact: true }).click();
    expect(await latex).toContain('\\toprule');
    expect(await findViolations(page)).toEqual([]);
  });
});
