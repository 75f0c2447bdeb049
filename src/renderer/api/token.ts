const KEY = 'epoch-studio.token';

/** What the first address holds besides a route: "#token=...", perhaps with "&route=/run/ID". */
export interface AddressParts {
  readonly token: string | null;
  /** The hash to go on with, e.g. "#/gallery". */
  readonly hash: string;
}

/** Takes a token out of an address's hash. A hash without one is a route and stays as it is. */
export function splitAddress(hash: string): AddressParts {
  if (!hash.startsWith('#token=')) return { token: null, hash };
  const fields = new URLSearchParams(hash.slice(1));
  const token = fields.get('token') ?? '';
  return { token: token === '' ? null : token, hash: `#${fields.get('route') ?? '/gallery'}` };
}

/**
 * The token of this tab: out of the address, which is then rid of it, so that it ends up in no bookmark, or the
 * one kept from before a reload. Null when the tab never had one.
 */
export function takeToken(): string | null {
  const { token, hash } = splitAddress(location.hash);
  if (token === null) return sessionStorage.getItem(KEY);
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', hash);
  return token;
}
