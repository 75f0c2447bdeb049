import type { Page } from 'playwright-core';

const NEVER_MS = 60_000;

/** What a key press must lead to. */
interface Expected {
  readonly panels: readonly string[];
  readonly epoch: number;
  readonly neverMs: number;
}

/** Ids of the panels that follow the epoch slider and are open. */
export function followingPanels(page: Page): Promise<string[]> {
  return page
    .locator('[data-panel][data-epoch]')
    .evaluateAll((panels) => panels.map((panel) => (panel as HTMLElement).dataset['panel'] ?? ''));
}

/**
 * Presses a key and measures, in the page, from the key's time stamp to the frame after the one in which every panel
 * showed the epoch.
 */
export async function pressAndMeasure(
  page: Page,
  key: string,
  panels: readonly string[],
  epoch: number,
): Promise<number> {
  // In place before the key: input overtakes what the test asks of the page.
  await page.evaluate(watchForEpoch, { panels, epoch, neverMs: NEVER_MS });
  await page.keyboard.press(key);
  return page.evaluate(() => (window as unknown as { shownMs: Promise<number> }).shownMs);
}

/** Runs in the page: leaves a promise of the time there. */
function watchForEpoch({ panels, epoch, neverMs }: Expected): void {
  const isShown = (id: string) =>
    [...document.querySelectorAll<HTMLElement>(`[data-panel="${id}"]`)].every(
      (panel) => panel.dataset['epoch'] === String(epoch),
    );
  const shownMs = new Promise<number>((resolve, reject) => {
    const wait = (event: Event) => {
      const waited = () => performance.now() - event.timeStamp;
      const look = () => {
        const late = panels.filter((id) => !isShown(id));
        if (late.length === 0) requestAnimationFrame(() => setTimeout(() => resolve(waited())));
        else if (waited() > neverMs) reject(new Error(`epoch ${epoch}: not shown by ${late.join(', ')}`));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    addEventListener('keydown', wait, { capture: true, once: true });
  });
  Object.assign(window, { shownMs });
}
