import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioError } from '../../shared/ipc/errors.ts';
import { createToken, isLoopbackInterface } from './loopback.ts';
import { createSocketDoor, type RelayedStudio } from './socket-door.ts';
import { answerWithFile } from './static-files.ts';

export interface StudioServerOptions {
  readonly studio: RelayedStudio;
  /** Folder of the built renderer. */
  readonly rendererDirectory: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** A loopback interface; others are refused. */
  readonly host?: string;
  /** 256 random bits when left out. */
  readonly token?: string;
}

/** A running server of the browser door. */
export interface StudioServer {
  readonly port: number;
  /** What to open in a browser, with the token in the fragment (which browsers do not send). */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the renderer and its WebSocket on the loopback interface.
 * @throws StudioError `invalid-input` for an interface others can reach, `conflict` for a port in use
 */
export async function startServer(options: StudioServerOptions): Promise<StudioServer> {
  const { studio, rendererDirectory, port = 0, host = '127.0.0.1', token = createToken() } = options;
  if (!isLoopbackInterface(host)) throw notLoopback(host);
  const door = createSocketDoor(studio, token);
  const server = createServer(
    (request, response) => void answerWithFile(rendererDirectory, request, response),
  );
  server.on('upgrade', (request, socket, head) => door.handleUpgrade(request, socket, head));
  const bound = await listen(server, port, host);
  const shownHost = host === '::1' ? '[::1]' : host;
  return {
    port: bound,
    address: `http://${shownHost}:${bound}/#token=${token}`,
    close() {
      door.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(port, host, cause)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function notLoopback(host: string): StudioError {
  return new StudioError(
    'invalid-input',
    `serve: found the interface "${host}", expected 127.0.0.1, localhost or ::1; from another machine use an SSH tunnel (ssh -L)`,
  );
}

function cannotListen(port: number, host: string, cause: Error): StudioError {
  return new StudioError(
    'conflict',
    `serve: ${host}:${port} cannot be listened on (${cause.message}), expected a free port; leave --port out for any free one`,
    {},
    { cause },
  );
}
