/** Where the window's page lives: a scheme of its own, so that it shares an origin with nothing else. */
export const appScheme = 'app';
const appHost = 'studio';

/** The page, at a route of the renderer such as "#/runs". */
export function appAddress(route = ''): string {
  return `${appScheme}://${appHost}/${route}`;
}

/** The path of an address of ours, still percent-encoded; null for any other address. */
export function appPath(address: string): string | null {
  const url = tryParse(address);
  return url?.protocol === `${appScheme}:` && url.host === appHost ? url.pathname : null;
}

/** The route ("#/...") of an address that is our page; null for any other address. */
export function appRoute(address: string): string | null {
  const path = appPath(address);
  return path === '/' || path === '/index.html' ? new URL(address).hash : null;
}

function tryParse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
