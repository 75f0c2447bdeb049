import type { Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { startDisplay } from './support/display.ts';
import type { TemporaryHome } from './support/home.ts';
import { serveStudio } from './support/serve.ts';
import { openStudioWindow } from './support/window.ts';

/** The studio's screens, however they were opened. */
export interface OpenDoor {
  readonly page: Page;
  /** Ends the program as a user does. */
  close(): Promise<void>;
}

/** A way to the screens: a browser on `serve`, or the Electron window. */
export interface Door {
  readonly name: 'browser' | 'window';
  open(home: TemporaryHome): Promise<OpenDoor>;
}

const SIZE = { width: 1280, height: 860 };

const browserDoor: Door = {
  name: 'browser',
  async open(home) {
    const served = await serveStudio(home);
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(served.address);
    return {
      page,
      async close() {
        await browser.close();
        await served.stop();
      },
    };
  },
};

const windowDoor: Door = {
  name: 'window',
  async open(home) {
    const display = await startDisplay();
    const opened = await openStudioWindow(home, display);
    return {
      page: opened.page,
      async close() {
        await opened.close();
        display.stop();
      },
    };
  },
};

export const doors: readonly Door[] = [browserDoor, windowDoor];
