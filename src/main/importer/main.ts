/** The importer program: reads files that become a dataset, one call in its life. Started and ended by the studio. */
import { serveOverPort, type Publisher } from '../../shared/ipc/port.ts';
import {
  importerContract,
  importerHandlers,
  type ImporterContract,
} from '../data/import/importer-contract.ts';
import { connectToParent } from '../host/parent-port.ts';

const parent = connectToParent();
// What it has not stored whole is not there for anybody, so there is nothing to save.
parent.onDisconnect(() => process.exit(0));
let publisher: Publisher<ImporterContract> | null = null;
const handlers = importerHandlers((phase) => publisher?.publish('phase', { phase }));
publisher = serveOverPort(importerContract, handlers, parent);
