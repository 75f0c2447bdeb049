import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors, type OpenDoor } from './doors.ts';
import { createHome, type TemporaryHome } from './support/home.ts';
import { makeUspsFiles, USPS_SIDE, type UspsFile } from './support/usps-files.ts';

const SOON = { timeout: 60_000, interval: 100 };
/** Training may share the machine with much else. */
const LATER = { timeout: 180_000, interval: 200 };

/** Drops files on the page as a file manager does. */
async function drop(page: Page, files: readonly UspsFile[]): Promise<void> {
  const contents = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
  await page.evaluate((dropped) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of dropped) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    for (const type of ['dragover', 'drop']) {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('main')?.dispatchEvent(event);
    }
  }, contents);
}

/** Grey levels of the enlarged example. */
function pixelsOf(page: Page): Promise<number[]> {
  return page
    .getByRole('dialog')
    .locator('canvas')
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel] ?? -1);
    });
}

const files = makeUspsFiles();

describe.each(doors)('from files to a mistake, in the $name', (door) => {
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

  it('imports dropped files as the dataset they are', async () => {
    const { page } = opened;
    // A window that has just opened hears no keys before its first screen is there.
    await page.locator('main h1').waitFor();
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Data', level: 1 }).waitFor();
    await drop(page, [files.train, files.test]);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('USPS digits as text').waitFor(SOON);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('USPS digits is on this machine').waitFor(SOON);
    await expect.poll(() => page.evaluate(() => location.hash), SOON).toBe('#/data/usps');
  });

  it('trains the reports’ net on it', async () => {
    const { page } = opened;
    await page.evaluate(() => {
      location.hash = '#/experiment/g-usps-cnn';
    });
    await page.getByLabel('Epochs', { exact: true }).fill('2');
    await page.getByLabel('Training examples').fill('3000');
    await page.getByRole('button', { name: /^Run / }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    const state = page.locator('main [data-state]').first();
    await expect.poll(() => state.getAttribute('data-state'), LATER).toBe('finished');
  });

  it('leads from a wrong cell of the confusion matrix to the digits that were in the file', async () => {
    const { page } = opened;
    await expect.poll(() => page.getByRole('gridcell').count(), SOON).toBe(100);
    const labels = await page
      .getByRole('gridcell')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? ''));
    const wrong = labels.find((label) => /actual (\d), predicted (?!\1)\d: [1-9]/.test(label)) ?? 'none';
    const [, actual = ''] = /actual (\d)/.exec(wrong) ?? [];
    await page.getByRole('gridcell', { name: wrong }).click();
    const list = page.getByRole('list', { name: /^Examples of actual/ });
    await list.getByRole('button').first().click(SOON);
    const dialog = page.getByRole('dialog');
    await dialog.locator('canvas').waitFor();
    const row = Number(/Example (\d+) of/.exec((await dialog.getAttribute('aria-label')) ?? '')?.[1]);
    expect(files.test.labels[row]).toBe(Number(actual));
    const size = USPS_SIDE * USPS_SIDE;
    const ink = [...files.test.ink.subarray(row * size, (row + 1) * size)];
    expect(await pixelsOf(page)).toEqual(ink.map((value) => (value > 0 ? 255 : 0)));
  });
});
