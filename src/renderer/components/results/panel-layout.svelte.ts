import { getContext, setContext } from 'svelte';

const KEY = 'epoch-studio.panels.collapsed';

/** Where a page of panels keeps which are folded away; `localStorage`, or a double of it. */
export type PanelStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Which panels of a page are folded away (remembered by kind of panel), and which one has all the room. */
export class PanelLayout {
  maximised = $state.raw<string | null>(null);
  collapsed = $state.raw<ReadonlySet<string>>(new Set());
  readonly #storage: PanelStorage | null;

  /** @param storage null to forget */
  constructor(storage: PanelStorage | null) {
    this.#storage = storage;
    this.collapsed = readCollapsed(storage);
  }

  /** Does another panel have all the room? */
  hides(id: string): boolean {
    return this.maximised !== null && this.maximised !== id;
  }

  toggleMaximised(id: string): void {
    this.maximised = this.maximised === id ? null : id;
  }

  restore(): void {
    this.maximised = null;
  }

  toggleCollapsed(id: string): void {
    const next = new Set(this.collapsed);
    if (!next.delete(id)) next.add(id);
    this.collapsed = next;
    this.#storage?.setItem(KEY, JSON.stringify([...next]));
  }
}

function readCollapsed(storage: PanelStorage | null): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []);
  } catch {
    // Written by something else; nothing is folded away then.
    return new Set();
  }
}

/** Height of a row of the panels' grid and the gap below a panel, in CSS pixels; as in `PanelGrid`. */
const ROW = 4;
const GAP = 12;

/** The rows of the grid that a panel of this height takes, gap included. */
export function gridRow(height: number): string {
  return `span ${Math.max(1, Math.ceil((height + GAP) / ROW))}`;
}

const LAYOUT = Symbol('panel layout');

/** Gives the panels below a common layout. */
export function providePanelLayout(layout: PanelLayout): void {
  setContext(LAYOUT, layout);
}

/** The layout of the page, or one of the panel's own where it stands alone. */
export function usePanelLayout(): PanelLayout {
  return getContext<PanelLayout | undefined>(LAYOUT) ?? new PanelLayout(null);
}
