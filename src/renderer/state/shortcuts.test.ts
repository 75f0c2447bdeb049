import { describe, expect, it } from 'vitest';
import { shortcutFor, type KeyPress } from './shortcuts.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...change,
});

describe('shortcuts of the window', () => {
  it('opens the palette with Ctrl or Cmd + K, even while typing', () => {
    expect(shortcutFor(press('k', { ctrlKey: true }), true)).toEqual({ kind: 'palette' });
    expect(shortcutFor(press('K', { metaKey: true }), false)).toEqual({ kind: 'palette' });
    expect(shortcutFor(press('k'), false)).toBeNull();
  });

  it('goes to places by number, but not while typing or with a modifier', () => {
    expect(shortcutFor(press('2'), false)).toEqual({ kind: 'go', route: { name: 'data', id: null } });
    expect(shortcutFor(press('3'), false)).toEqual({ kind: 'go', route: { name: 'runs' } });
    expect(shortcutFor(press('3'), true)).toBeNull();
    expect(shortcutFor(press('3', { ctrlKey: true }), false)).toBeNull();
  });

  it('has no place for the other numbers', () => {
    expect(shortcutFor(press('4'), false)).toEqual({ kind: 'go', route: { name: 'studies' } });
    expect(shortcutFor(press('8'), false)).toBeNull();
    expect(shortcutFor(press('0'), false)).toBeNull();
  });

  it('goes back with Alt + left', () => {
    expect(shortcutFor(press('ArrowLeft', { altKey: true }), false)).toEqual({ kind: 'back' });
    expect(shortcutFor(press('ArrowLeft'), false)).toBeNull();
  });

  it('shows the help on a question mark', () => {
    expect(shortcutFor(press('?'), false)).toEqual({ kind: 'shortcuts' });
  });
});
