import type { StudioError } from './errors.ts';

/** Where a fault goes that nobody asked to be told of. */
export function reportToConsole(error: StudioError): void {
  // eslint-disable-next-line no-console -- the one place left
  console.error(error.message);
}
