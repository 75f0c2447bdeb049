import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { InspectedNet, InspectionPlaces } from '../inspect/inspector-contract.ts';
import { netOf, placesOf, type AskedNet, type AskedNetSurroundings } from './asked-net.ts';
import type { InspectorPool } from './inspector-pool.ts';
import type { ResultCache } from './result-cache.ts';

/** What calls share whose answers are computed by an inspector and kept with the run. */
export interface KeptAnswerSurroundings extends AskedNetSurroundings {
  /** Closed by whoever made it. */
  readonly inspectors: InspectorPool;
  readonly cache: ResultCache;
}

/** What an inspector is told of every net, and the topic by which a process is chosen. */
export interface AboutNet {
  readonly places: InspectionPlaces;
  readonly net: InspectedNet;
}

/** Names files so that they sort by epoch. */
export function answerName(kind: string, epoch: number, rest: string | number): string {
  return `${kind}-${String(epoch).padStart(6, '0')}-${rest}`;
}

/** A short name of everything else an answer depends on; parameters may hold text that is no file's name. */
export function digestOf(parameters: unknown): string {
  return createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 24);
}

/**
 * The answer of that name about a run's epoch, computed where it is not known.
 * @param name by {@link answerName}; says all that the answer depends on besides the run
 * @throws StudioError as `ask` does, and `not-found` for an epoch without a checkpoint
 */
export function keepAnswer<S extends z.ZodType>(
  surroundings: KeptAnswerSurroundings,
  { detail, epoch }: AskedNet,
  name: string,
  schema: S,
  ask: (about: AboutNet, topic: string) => Promise<z.output<S>>,
): Promise<z.output<S>> {
  const { id } = detail.summary;
  return surroundings.cache.get(id, name, schema, () =>
    ask({ places: placesOf(surroundings), net: netOf({ detail, epoch }) }, id),
  );
}
