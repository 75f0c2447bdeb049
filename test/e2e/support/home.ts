import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A data folder of a test's own, so that no test sees another's history or the user's. */
export interface TemporaryHome {
  readonly path: string;
  /** What a program must be given to keep its data there. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** Makes an empty data folder. The caller removes it. */
export function createHome(): TemporaryHome {
  const path = mkdtempSync(join(tmpdir(), 'epoch-studio-e2e-'));
  return {
    path,
    environment: { EPOCH_STUDIO_HOME: path },
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
