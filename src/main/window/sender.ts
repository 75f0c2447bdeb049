import { appPath } from './app-address.ts';

/** What is known of a message's sender; a part of Electron's event, so that it can be tested without one. */
export interface Sender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** Is it the main frame of one of our own pages? A frame that is already gone is not. */
export function isOwnPage({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && appPath(senderFrame.url) !== null;
}
