import { getContext, setContext } from 'svelte';
import { arrangeIds, mergeOrder, moveId } from './panel-order.ts';

const KEYS = {
  collapsed: 'epoch-studio.panels.collapsed',
  unfolded: 'epoch-studio.panels.unfolded',
  order: 'epoch-studio.panels.order',
} as const;

/** Where a page of panels keeps how it is laid out; `localStorage`, or a double of it. */
export type PanelStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * How a page's panels lie, remembered by kind of panel: in which order, and which are folded away; and which one has
 * all the room for now.
 */
export class PanelLayout {
  maximised = $state.raw<string | null>(null);
  collapsed = $state.raw<ReadonlySet<string>>(new Set());
  /** The panels of the page that can be moved, as they stand. */
  present = $state.raw<readonly string[]>([]);
  /** Says what a move did, for screen readers. */
  said = $state('');
  /** Of the panels that start folded away, those that were opened. */
  #unfolded = $state.raw<ReadonlySet<string>>(new Set());
  #order = $state.raw<readonly string[]>([]);
  readonly #storage: PanelStorage | null;

  /** @param storage null to forget */
  constructor(storage: PanelStorage | null) {
    this.#storage = storage;
    this.collapsed = new Set(readList(storage, KEYS.collapsed));
    this.#unfolded = new Set(readList(storage, KEYS.unfolded));
    this.#order = readList(storage, KEYS.order);
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

  /** @param startsFolded is it folded away until the user opens it? */
  isFolded(id: string, startsFolded = false): boolean {
    return startsFolded ? !this.#unfolded.has(id) : this.collapsed.has(id);
  }

  toggleCollapsed(id: string, startsFolded = false): void {
    const next = new Set(startsFolded ? this.#unfolded : this.collapsed);
    if (!next.delete(id)) next.add(id);
    if (startsFolded) this.#unfolded = next;
    else this.collapsed = next;
    this.#store(startsFolded ? KEYS.unfolded : KEYS.collapsed, [...next]);
  }

  /** The panels of a page in the user's order. */
  arrange(ids: readonly string[]): string[] {
    return arrangeIds(ids, this.#order);
  }

  /** Moves a panel by so many places among those of the page. */
  moveBy(id: string, places: number): void {
    this.#moveTo(id, this.present.indexOf(id) + places);
  }

  /** Moves a panel to where another stands. */
  moveOnto(id: string, target: string): void {
    if (id !== target) this.#moveTo(id, this.present.indexOf(target));
  }

  #moveTo(id: string, index: number): void {
    const arranged = moveId(this.present, id, index);
    this.#order = mergeOrder(arranged, this.#order);
    this.said = `Panel ${arranged.indexOf(id) + 1} of ${arranged.length}`;
    this.#store(KEYS.order, this.#order);
  }

  #store(key: string, ids: readonly string[]): void {
    this.#storage?.setItem(key, JSON.stringify(ids));
  }
}

function readList(storage: PanelStorage | null, key: string): string[] {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  } catch {
    // Written by something else; the page is as it comes then.
    return [];
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

const OWNER = Symbol('panel owner');

/** Says whose the panels below are, where a page has those of two. */
export function providePanelOwner(owner: string): void {
  setContext(OWNER, owner);
}

/** Gives what is in a panel a name that is the page's only one, e.g. "Table of classes, left run". */
export function useOwnedName(): (name: string) => string {
  const owner = getContext<string | undefined>(OWNER) ?? '';
  return (name) => (owner === '' ? name : `${name}, ${owner}`);
}
