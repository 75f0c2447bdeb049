import type { StudioClient, StudioSettings } from '../../shared/ipc/contract.ts';
import type { Toasts } from './toasts.svelte.ts';

const THEME_KEY = 'epoch-studio.theme';

/** The settings, stored at every change, and the theme they ask for. */
export class Settings {
  value = $state.raw<StudioSettings | null>(null);
  /** The theme in force, whatever asked for it. */
  theme = $state<'light' | 'dark'>('light');
  readonly #client: StudioClient;
  readonly #toasts: Toasts;
  readonly #dark: MediaQueryList;

  constructor(client: StudioClient, toasts: Toasts) {
    this.#client = client;
    this.#toasts = toasts;
    this.#dark = matchMedia('(prefers-color-scheme: dark)');
  }

  /** Follows the system's theme; returns the function that stops. */
  start(): () => void {
    this.#applyTheme();
    const follow = () => this.#applyTheme();
    this.#dark.addEventListener('change', follow);
    return () => this.#dark.removeEventListener('change', follow);
  }

  async load(): Promise<void> {
    this.value = await this.#client.invoke('settings.get', {});
    this.#applyTheme();
  }

  /** Shows the change at once and takes it back where it could not be stored. */
  async change(change: Partial<StudioSettings>): Promise<void> {
    const before = this.value;
    if (before === null) return;
    this.value = { ...before, ...change };
    this.#applyTheme();
    const stored = await this.#toasts.guard(async () => {
      this.value = await this.#client.invoke('settings.set', { ...before, ...change });
    });
    if (!stored) this.value = before;
    this.#applyTheme();
  }

  /** Light to dark and back, whatever the system says. */
  toggleTheme(): Promise<void> {
    return this.change({ theme: this.theme === 'dark' ? 'light' : 'dark' });
  }

  #applyTheme(): void {
    // Kept in the window too, so that the next start has it before the first answer.
    if (this.value !== null) localStorage.setItem(THEME_KEY, this.value.theme);
    const asked = this.value?.theme ?? localStorage.getItem(THEME_KEY) ?? 'system';
    const dark = asked === 'dark' || (asked !== 'light' && this.#dark.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    this.theme = dark ? 'dark' : 'light';
  }
}
