import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { createNodeHost } from '../../host/node-host.ts';
import { projectRoot } from '../../host/paths.ts';
import { rendererDirectory } from '../../host/renderer-files.ts';
import { studioEnvironment } from '../../host/studio-environment.ts';
import { superviseStudio, type SupervisedStudio } from '../../host/supervise.ts';
import { startServer } from '../../server/server.ts';
import { integerOption } from '../arguments.ts';
import { exitCodes, type Command, type Terminal } from '../command.ts';

/** `serve`: the studio in a browser of this machine. */
export const serveCommand: Command = {
  name: 'serve',
  usage: '[--port N] [--host H]',
  summary: 'show the studio in a browser on this machine',
  options: {
    port: { type: 'string', value: 'N', help: 'port to listen on (default: any free one)' },
    host: { type: 'string', value: 'H', help: 'loopback interface: 127.0.0.1 (default), localhost or ::1' },
  },
  positionals: { min: 0, max: 0 },
  async run(input, terminal) {
    const port = integerOption(input, 'port', { min: 0, max: 65_535 }) ?? 0;
    const host = typeof input.values.host === 'string' ? input.values.host : undefined;
    const directory = builtRenderer();
    const studio = superviseStudio(createNodeHost(), {
      environment: studioEnvironment('browser', input.dataDirectory),
      onState: (state) => {
        if (state === 'restarting')
          terminal.tell('studio process: it ended unexpectedly and is started again');
        if (state === 'lost')
          terminal.tell('studio process: it ends right after each start; end this and see above');
      },
    });
    try {
      const server = await startServer({ studio, rendererDirectory: directory, port, ...(host && { host }) });
      printAddress(server.address, server.port, input.json, terminal);
      await interrupted(terminal);
      await server.close();
    } finally {
      await endStudio(studio, terminal);
    }
    return exitCodes.success;
  },
};

function builtRenderer(): string {
  const directory = rendererDirectory(projectRoot());
  if (existsSync(join(directory, 'index.html'))) return directory;
  throw new StudioError(
    'not-found',
    `serve: found no built window in ${directory}, expected one from the build; run "npm start", which builds it`,
  );
}

function printAddress(address: string, port: number, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.print(JSON.stringify({ address, port, pid: process.pid }));
  } else {
    terminal.print(`Epoch Studio is at ${address}`);
    terminal.tell('The address opens the studio for whoever has it, on this machine only. Ctrl-C ends it.');
  }
}

function interrupted(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => terminal.onInterrupt(resolve));
}

async function endStudio(studio: SupervisedStudio, terminal: Terminal): Promise<void> {
  terminal.tell('ending; runs stop at their last checkpoint ...');
  await studio.stop();
}
