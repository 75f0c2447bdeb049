/** The searcher program: trains the nets of a study for their numbers. Started by the studio, which also ends it. */
import { openEngine } from '../engine/index.ts';
import { giveWay } from '../host/give-way.ts';
import { connectToParent } from '../host/parent-port.ts';
import { Searcher } from './searcher.ts';

giveWay();
const parent = connectToParent();
// What it has told is stored; what it has not is trained again.
parent.onDisconnect(() => process.exit(0));
const searcher = new Searcher(openEngine, (event) => parent.send(event));
parent.onMessage((message) => void searcher.receive(message));
