import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

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
