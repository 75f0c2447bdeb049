import { readFileSync } from 'node:fs';
import { studioSettings, type StudioSettings } from '../../shared/ipc/contract.ts';
import { writeFileAtomically } from '../data/atomic-file.ts';

/** The settings, as a JSON file that people may also edit. */
export class SettingsFile {
  readonly #path: string;
  #settings: StudioSettings;
  /** Why the file on the disk was not taken; null when it was, or there was none. */
  readonly fault: string | null;

  /** Reads the file; the defaults stand where there is none or it cannot be understood. */
  constructor(path: string) {
    this.#path = path;
    const { settings, fault } = readSettings(path);
    this.#settings = settings;
    this.fault = fault;
  }

  get(): StudioSettings {
    return this.#settings;
  }

  /** @throws StudioError 'disk-full'; the old settings stay then */
  async set(settings: StudioSettings): Promise<StudioSettings> {
    await writeFileAtomically(this.#path, Buffer.from(`${JSON.stringify(settings, null, 2)}\n`));
    this.#settings = settings;
    return settings;
  }
}

function readSettings(path: string): { readonly settings: StudioSettings; readonly fault: string | null } {
  const defaults = studioSettings.parse({});
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { settings: defaults, fault: null };
  }
  try {
    return { settings: studioSettings.parse(JSON.parse(text)), fault: null };
  } catch (error) {
    return { settings: defaults, fault: error instanceof Error ? error.message : String(error) };
  }
}
