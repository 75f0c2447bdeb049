import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { contract, studioInfo, type Contract } from '../../shared/ipc/contract.ts';
import { serveOverPort, type Publisher } from '../../shared/ipc/port.ts';
import { createNodeHost } from '../host/node-host.ts';
import { connectToParent } from '../host/parent-port.ts';
import { cacheDirectory, dataDirectory, projectRoot } from '../host/paths.ts';
import { realSurroundings } from '../store/owner.ts';
import { createStudio } from './create-studio.ts';
import { nativeEngineLibrary } from './native-engine-library.ts';

/** The studio program: serves the contract to the shell that started it, and ends when that goes. */
function main(): void {
  const root = projectRoot();
  const port = connectToParent();
  let publisher: Publisher<Contract> | null = null;
  const cache = cacheDirectory();
  const studio = createStudio({
    ...realSurroundings,
    dataDirectory: dataDirectory(),
    cacheDirectory: cache,
    resourceDirectory: join(root, 'resources'),
    appVersion: readAppVersion(root),
    door: studioInfo.shape.door.catch('command-line').parse(process.env.EPOCH_STUDIO_DOOR),
    host: createNodeHost(),
    engineLibrary: nativeEngineLibrary(cache),
    publish: (name, payload) => {
      try {
        publisher?.publish(name, payload);
      } catch (error) {
        // An event too large to send is no reason to end the training that it tells of; it is stored.
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      }
    },
  });
  port.onDisconnect(() => void studio.close().finally(() => process.exit(0)));
  publisher = serveOverPort(contract, studio.handlers, port);
  studio.start();
}

function readAppVersion(root: string): string {
  const content: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(content).version;
}

main();
