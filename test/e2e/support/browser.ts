import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../../scripts/lib/system-programs.mjs';

/** Headless, and quiet on the network: a test must not depend on what a browser fetches for itself. */
const QUIET = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts this machine's own Chromium. The caller closes it.
 * @throws Error when there is none
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new Error('end-to-end tests: found no Chromium, expected one on PATH');
  return chromium.launch({ executablePath, args: QUIET });
}
