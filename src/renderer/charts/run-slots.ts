const KEY = 'epoch-studio.run-colours';
/** The listed hues, which a run's id picks from. */
const LISTED = 7;
/** More colours than these no eye tells apart. */
const TELLABLE = 24;
const MOST_KEPT = 2_000;

/** Where chosen colours are kept; `localStorage`, or a double of it. */
export type SlotStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Which colour of the palette a run has: by its id, unless it had to give way to a run it was compared with. */
export class RunSlots {
  readonly #storage: SlotStorage | null;
  #chosen: Map<string, number> | null = null;

  /** @param storage null to forget */
  constructor(storage: SlotStorage | null) {
    this.#storage = storage;
  }

  /** The place in the palette. */
  slotOf(runId: string): number {
    return this.#read().get(runId) ?? hashOf(runId) % LISTED;
  }

  /**
   * Gives runs shown together colours of their own, which they keep from then on. The first of two alike keeps its own.
   * Above two dozen runs nothing changes: colours alone could not tell them apart.
   */
  tellApart(runIds: readonly string[]): void {
    if (runIds.length > TELLABLE) return;
    const taken = new Set<number>();
    const changed = new Map<string, number>();
    const alike = runIds.filter((runId) => {
      const slot = this.slotOf(runId);
      const isTaken = taken.has(slot);
      taken.add(slot);
      return isTaken;
    });
    for (const runId of alike) {
      let slot = 0;
      while (taken.has(slot)) slot++;
      taken.add(slot);
      changed.set(runId, slot);
    }
    if (changed.size > 0) this.#keep(changed);
  }

  /** Reads the choices anew, which another window may have changed. */
  refresh(): void {
    this.#chosen = null;
  }

  #read(): Map<string, number> {
    this.#chosen ??= parseSlots(this.#storage?.getItem(KEY) ?? null);
    return this.#chosen;
  }

  #keep(changed: ReadonlyMap<string, number>): void {
    const all = [...this.#read(), ...changed].slice(-MOST_KEPT);
    this.#chosen = new Map(all);
    this.#storage?.setItem(KEY, JSON.stringify(Object.fromEntries(this.#chosen)));
  }
}

function hashOf(runId: string): number {
  let hash = 0;
  for (const character of runId) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash;
}

function parseSlots(text: string | null): Map<string, number> {
  try {
    const stored = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return new Map(
      Object.entries(stored).filter((entry): entry is [string, number] => Number.isInteger(entry[1])),
    );
  } catch {
    // Written by something else; every run then has the colour of its id.
    return new Map();
  }
}

const storage = typeof localStorage === 'undefined' ? null : localStorage;

/** The colours of this window's runs. */
export const runSlots = new RunSlots(storage);

if (storage !== null) {
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY) runSlots.refresh();
  });
}
