/** The trainer program: one process, one run. Started by the studio, which also ends it. */
import { openEngine } from '../engine/index.ts';
import { readAppVersion } from '../host/app-version.ts';
import { giveWay } from '../host/give-way.ts';
import { connectToParent } from '../host/parent-port.ts';
import { Trainer } from './trainer.ts';

giveWay();
const parent = connectToParent();
const trainer = new Trainer({
  openEngine,
  appVersion: readAppVersion(),
  emit: (event) => parent.send(event),
});
// What the studio was told is on the disk already, so there is nothing to save.
parent.onDisconnect(() => process.exit(0));
process.on('uncaughtException', (error) => trainer.fail(error));
process.on('unhandledRejection', (reason) => trainer.fail(reason));
parent.onMessage((message) => void trainer.receive(message));
