import type { Route } from './route.ts';

/** What a key asks of the whole window. */
export type Shortcut =
  { readonly kind: 'go'; readonly route: Route } | { readonly kind: 'palette' | 'shortcuts' | 'back' };

/** The part of a key event that is read. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const PLACE_KEYS: Readonly<Record<string, Route>> = {
  '1': { name: 'gallery' },
  '2': { name: 'data', id: null },
  '3': { name: 'runs' },
  '4': { name: 'studies' },
  '5': { name: 'compare', runIds: [] },
  '6': { name: 'report', id: null },
  '7': { name: 'settings' },
};

/**
 * The window's own shortcut for a key, or null. Plain keys mean nothing while text is typed; Ctrl or Cmd + K
 * opens the palette from anywhere.
 */
export function shortcutFor(press: KeyPress, typing: boolean): Shortcut | null {
  const modified = press.ctrlKey || press.metaKey;
  if (modified && !press.altKey && press.key.toLowerCase() === 'k') return { kind: 'palette' };
  // Electron has no such key of its own; a browser's is the same.
  if (press.altKey && !modified && press.key === 'ArrowLeft') return { kind: 'back' };
  if (modified || press.altKey || typing) return null;
  if (press.key === '?') return { kind: 'shortcuts' };
  const route = PLACE_KEYS[press.key];
  return route === undefined ? null : { kind: 'go', route };
}

/** Does the element take typed text? */
export function takesText(element: EventTarget | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element instanceof HTMLInputElement) return element.type !== 'checkbox' && element.type !== 'radio';
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    element.isContentEditable
  );
}
