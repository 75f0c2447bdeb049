import { join } from 'node:path';
import { contract, studioInfo, type Contract } from '../../shared/ipc/contract.ts';
import { serveOverPort, type Publisher } from '../../shared/ipc/port.ts';
import { readAppVersion } from '../host/app-version.ts';
import { createNodeHost } from '../host/node-host.ts';
import { connectToParent } from '../host/parent-port.ts';
import { cacheDirectory, dataDirectory, projectRoot } from '../host/paths.ts';
import { realSurroundings } from '../store/owner.ts';
import { createStudio } from './create-studio.ts';
import { nativeEngineLibrary } from './native-engine-library.ts';

/** The studio program: serves the contract to the shell that started it, and ends when that goes. */
function main(): void {
  const port = connectToParent();
  let publisher: Publisher<Contract> | null = null;
  const cache = cacheDirectory();
  const studio = createStudio({
    ...realSurroundings,
    dataDirectory: dataDirectory(),
    cacheDirectory: cache,
    resourceDirectory: join(projectRoot(), 'resources'),
    appVersion: readAppVersion(),
    door: studioInfo.shape.door.catch('command-line').parse(process.env.EPOCH_STUDIO_DOOR),
    host: createNodeHost(),
    engineLibrary: nativeEngineLibrary(cache),
    publish: (name, payload) => publisher?.publish(name, payload),
  });
  port.onDisconnect(() => void studio.close().finally(() => process.exit(0)));
  publisher = serveOverPort(contract, studio.handlers, port);
  studio.start();
}

main();
