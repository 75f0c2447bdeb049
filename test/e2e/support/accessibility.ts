import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { takeScreen, themes } from './screens.ts';

/**
 * What axe finds wrong with the page as it is now.
 * @returns one line per violation: rule, what it asks for, where; empty when there is none
 */
export async function findViolations(page: Page): Promise<string[]> {
  // Legacy mode stays in this page; the other opens a blank one, which Electron has not.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map((node) => node.target.join(' ')).join(', ');
    return `${id}: ${help} (${places})`;
  });
}

/**
 * What axe finds wrong with the page in both themes; takes a picture of each (`name-light`, `name-dark`).
 * @returns as {@link findViolations}, with the picture's name before each line
 */
export async function findInThemes(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await takeScreen(page, `${name}-${colorScheme}`);
    const violations = await findViolations(page);
    found.push(...violations.map((violation) => `${name}-${colorScheme}: ${violation}`));
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}
