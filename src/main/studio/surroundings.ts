import type { StudioInfo, Contract } from '../../shared/ipc/contract.ts';
import type { EventName, EventPayload } from '../../shared/ipc/derive.ts';
import type { StoreSurroundings } from '../store/owner.ts';
import type { Host } from '../host/host.ts';
import type { EngineLibrary } from './engine-library.ts';

/** Tells every door of an event. */
export type Publish = <K extends EventName<Contract>>(name: K, payload: EventPayload<Contract, K>) => void;

/** All that a studio takes from outside. Directories are absolute. */
export interface StudioSurroundings extends StoreSurroundings {
  readonly dataDirectory: string;
  readonly cacheDirectory: string;
  /** The program's own `resources` folder. */
  readonly resourceDirectory: string;
  readonly appVersion: string;
  readonly door: StudioInfo['door'];
  /** Starts the trainers. */
  readonly host: Host;
  readonly engineLibrary: EngineLibrary;
  readonly publish: Publish;
}
