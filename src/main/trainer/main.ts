/** The trainer program: one process, one run. Started by the studio, which also ends it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openEngine } from '../engine/index.ts';
import { connectToParent } from '../host/parent-port.ts';
import { projectRoot } from '../host/paths.ts';
import { Trainer } from './trainer.ts';

function readAppVersion(): string {
  const text = readFileSync(join(projectRoot(), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

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
