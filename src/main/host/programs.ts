import { join } from 'node:path';
import type { ProgramName } from './host.ts';

/** The built file of each program. */
export type ProgramFiles = Readonly<Record<ProgramName, string>>;

/** Where the build puts the programs. */
export function builtPrograms(root: string): ProgramFiles {
  const built = (name: ProgramName) => join(root, 'out', 'main', `${name}.cjs`);
  return {
    studio: built('studio'),
    trainer: built('trainer'),
    inspector: built('inspector'),
    importer: built('importer'),
    explorer: built('explorer'),
    searcher: built('searcher'),
  };
}
