import { describe, expect, it } from 'vitest';
import { PanelLayout, type PanelStorage } from './panel-layout.svelte.ts';

function memory(): PanelStorage {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

describe('a page of panels', () => {
  it('remembers which are folded away', () => {
    const storage = memory();
    new PanelLayout(storage).toggleCollapsed('log');
    const next = new PanelLayout(storage);
    expect([...next.collapsed]).toEqual(['log']);
    next.toggleCollapsed('log');
    expect(new PanelLayout(storage).collapsed.size).toBe(0);
  });

  it('gives one panel all the room until it is restored', () => {
    const layout = new PanelLayout(null);
    layout.toggleMaximised('confusion');
    expect([layout.hides('log'), layout.hides('confusion')]).toEqual([true, false]);
    layout.toggleMaximised('confusion');
    expect(layout.hides('log')).toBe(false);
  });

  it('starts afresh from what it cannot read', () => {
    const storage = memory();
    storage.setItem('epoch-studio.panels.collapsed', '{broken');
    expect(new PanelLayout(storage).collapsed.size).toBe(0);
  });

  it('opens what starts folded away, and remembers that too', () => {
    const storage = memory();
    const layout = new PanelLayout(storage);
    expect([layout.isFolded('embedding', true), layout.isFolded('log')]).toEqual([true, false]);
    layout.toggleCollapsed('embedding', true);
    expect(new PanelLayout(storage).isFolded('embedding', true)).toBe(false);
  });

  it('moves panels among those of the page, and remembers their order', () => {
    const storage = memory();
    const layout = new PanelLayout(storage);
    const page = ['loss', 'confusion', 'log'];
    layout.present = layout.arrange(page);
    layout.moveBy('log', -1);
    expect(layout.arrange(page)).toEqual(['loss', 'log', 'confusion']);
    expect(layout.said).toBe('Panel 2 of 3');
    layout.present = layout.arrange(page);
    layout.moveOnto('confusion', 'loss');
    expect(new PanelLayout(storage).arrange(page)).toEqual(['confusion', 'loss', 'log']);
  });
});
