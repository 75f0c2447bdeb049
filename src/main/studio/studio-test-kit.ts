import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract, StudioEvent, StudioHandlers } from '../../shared/ipc/contract.ts';
import type { EventPayload } from '../../shared/ipc/derive.ts';
import { projectRoot } from '../host/paths.ts';
import { createStudio, type Studio } from './create-studio.ts';
import type { EngineLibrary } from './engine-library.ts';
import { FixtureHost } from './fixture-trainer.ts';
import type { StudioSurroundings } from './surroundings.ts';

/** Events by name, in the order they were published. */
export class EventLog {
  readonly #events: { readonly name: StudioEvent; readonly payload: unknown }[] = [];

  readonly publish: StudioSurroundings['publish'] = (name, payload) => {
    this.#events.push({ name, payload });
  };

  of<K extends StudioEvent>(name: K): EventPayload<Contract, K>[] {
    return this.#events
      .filter((event) => event.name === name)
      .map((event) => event.payload as EventPayload<Contract, K>);
  }
}

/** A studio on a folder of its own, with trainers that tests lead. */
export interface TestStudio {
  readonly studio: Studio;
  readonly handlers: StudioHandlers;
  readonly host: FixtureHost;
  readonly events: EventLog;
  readonly home: string;
}

const emptyStatus = {
  chosen: 'wasm',
  library: { state: 'missing', reason: 'none', wayOut: 'install it' },
  installable: null,
  devices: [],
  cores: 1,
} as const;

/** No library, and no way to get one. */
export const noEngineLibrary: EngineLibrary = {
  status: () => Promise.resolve({ ...emptyStatus, devices: [] }),
  install: () => Promise.reject(new Error('no network in tests')),
  importPack: () => Promise.reject(new Error('no packs in tests')),
};

/** Starts one; `home` may be that of another that ended before. */
export function startTestStudio(home: string, change: Partial<StudioSurroundings> = {}): TestStudio {
  const host = new FixtureHost();
  const events = new EventLog();
  const studio = createStudio({
    now: () => Date.now(),
    isProcessAlive: () => true,
    dataDirectory: home,
    cacheDirectory: join(home, 'cache'),
    resourceDirectory: join(projectRoot(), 'resources'),
    appVersion: '0.1.0',
    door: 'command-line',
    host,
    engineLibrary: noEngineLibrary,
    publish: events.publish,
    ...change,
  });
  studio.start();
  return { studio, handlers: studio.handlers, host, events, home };
}

/** A folder of its own for a test, and the way to remove it. */
export function temporaryHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'studio-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
