/** The inspector program: answers what a stored net does, call by call. Started by the studio, which also ends it. */
import { serveOverPort } from '../../shared/ipc/port.ts';
import { openEngine } from '../engine/index.ts';
import { connectToParent } from '../host/parent-port.ts';
import { inspectorContract } from '../inspect/inspector-contract.ts';
import { Inspector } from './inspector.ts';

const parent = connectToParent();
// Everything it holds can be computed again, so there is nothing to save.
parent.onDisconnect(() => process.exit(0));
const inspector = new Inspector(openEngine, (progress) => publisher.publish('progress', progress));
const publisher = serveOverPort(inspectorContract, inspector.handlers(), parent);
