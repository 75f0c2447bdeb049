/** The explorer program: computes what a dataset looks like, call by call. Started by the studio, which also ends it. */
import { serveOverPort, type Publisher } from '../../shared/ipc/port.ts';
import { explorerContract, type ExplorerContract } from '../data/explore/explorer-contract.ts';
import { explorerHandlers } from '../data/explore/explorer-handlers.ts';
import { connectToParent } from '../host/parent-port.ts';

const parent = connectToParent();
// Everything it holds can be computed again, so there is nothing to save.
parent.onDisconnect(() => process.exit(0));
let publisher: Publisher<ExplorerContract> | null = null;
const handlers = explorerHandlers((done, total, unit) =>
  publisher?.publish('progress', { done, total, unit }),
);
publisher = serveOverPort(explorerContract, handlers, parent);
