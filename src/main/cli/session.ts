import { createClient } from '../../shared/ipc/client.ts';
import { contract } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { superviseStudio, type SupervisedStudio } from '../host/supervise.ts';
import { studioEnvironment } from '../host/studio-environment.ts';
import type { StudioSession } from './command.ts';

/**
 * Starts a studio process for one command. It is not started again when it dies: the command then fails, and what
 * was stored can be resumed.
 * @param dataDirectory null for the user's own
 */
export function openSession(dataDirectory: string | null, host: Host = createNodeHost()): StudioSession {
  let reportLoss: (error: StudioError) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (reportLoss = reject));
  // A command that has already ended does not listen any more.
  lost.catch(() => undefined);
  const studio: SupervisedStudio = superviseStudio(host, {
    environment: studioEnvironment('command-line', dataDirectory),
    maxQuickEnds: 1,
    stableMs: Infinity,
    onState: (state) => {
      if (state === 'lost') reportLoss(sessionLost());
    },
  });
  return { client: createClient(contract, studio), lost, close: () => studio.stop() };
}

function sessionLost(): StudioError {
  return new StudioError(
    'process-lost',
    'studio process: it ended unexpectedly, its messages are above; stored epochs are safe, see "runs" and "resume ID"',
  );
}
