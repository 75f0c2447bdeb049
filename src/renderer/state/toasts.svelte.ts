/** A short message at the window's edge, with at most one action such as Undo. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'error';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const INFO_MS = 5_000;
/** Long enough to read, reach for and think twice about. */
const ACTION_MS = 12_000;

/** What is shown for a moment and goes by itself. */
export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #nextId = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, action: Toast['action'] = null): void {
    this.#add({ id: this.#nextId++, text, tone: 'info', action }, action === null ? INFO_MS : ACTION_MS);
  }

  /** Shows what a failed call said. */
  fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#add({ id: this.#nextId++, text, tone: 'error', action: null }, ACTION_MS);
  }

  /** Runs a call for its effect and shows its failure. True when it succeeded. */
  async guard(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  /** Keeps a toast while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  release(id: number): void {
    this.#schedule(id, INFO_MS);
  }

  #add(toast: Toast, lifeMs: number): void {
    this.items = [...this.items.slice(-3), toast];
    this.#schedule(toast.id, lifeMs);
  }

  #schedule(id: number, lifeMs: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), lifeMs),
    );
  }
}
