import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { RESULTS } from '../../../scripts/lib/paths.mjs';

/** Where screenshots are kept to be looked at. */
export const SCREENS = join(RESULTS, 'screens');

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/**
 * Takes a picture of what the page shows now.
 * @param name file name without its ending, e.g. "history-dark"
 * @returns the picture's path
 */
export async function takeScreen(page: Page, name: string): Promise<string> {
  mkdirSync(SCREENS, { recursive: true });
  const path = join(SCREENS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/** Takes the page in both themes (`name-light`, `name-dark`); the setting "system" must be in force. */
export async function takeBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await takeScreen(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: null });
}
