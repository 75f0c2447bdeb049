import type { App, Session, WebContents } from 'electron';
import { appRoute } from './app-address.ts';

const foreignAddresses = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** The one thing a page may do: put text on the clipboard when the user presses a copy button. Reading it stays denied. */
function mayDo(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** Pages get no other permission (camera, location, USB, ...) and reach no address outside the program. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(mayDo(permission)));
  session.setPermissionCheckHandler((_contents, permission) => mayDo(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: foreignAddresses }, (_details, decide) =>
    decide({ cancel: true }),
  );
}

/**
 * Every page, whoever makes it, stays where it is: no navigation, no embedded pages, and a new window only on a
 * route of our own, which `openRoute` makes with the same restrictions.
 */
export function restrictContents(app: App, openRoute: (route: string) => void): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      const route = appRoute(url);
      if (route !== null) openRoute(route);
      return { action: 'deny' };
    });
  });
}
