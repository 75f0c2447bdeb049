import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import type { Transport } from '../../shared/ipc/derive.ts';
import { callMessage, type Reply } from '../../shared/ipc/message.ts';
import { isLoopbackHost, isOwnOrigin, isSameToken } from './loopback.ts';

/** The subprotocol a window asks for, followed by the token. */
export const socketProtocol = 'epoch-studio';

/** Why the server closed a socket; in the range RFC 6455 leaves to applications. */
export const closeCodes = { badMessage: 4400, wrongToken: 4401, shuttingDown: 4503 } as const;

/** Calls and events of the studio, as a door relays them. */
export interface RelayedStudio extends Pick<Transport, 'invoke'> {
  invoke(name: string, params: unknown): Promise<Reply>;
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
}

const largestCallBytes = 8 * 1024 * 1024;
/** A window this far behind misses events until it has caught up; its lists are read by calls. */
const largestBacklogBytes = 4 * 1024 * 1024;
const pingIntervalMs = 30_000;
const closingGraceMs = 500;

/** The WebSocket door: lets in only the server's own page with the right token, then relays calls and events. */
export interface SocketDoor {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export function createSocketDoor(studio: RelayedStudio, token: string): SocketDoor {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: largestCallBytes,
    handleProtocols: (protocols) => (protocols.has(socketProtocol) ? socketProtocol : false),
  });
  const admitted = new Set<WebSocket>();
  const stopEvents = studio.subscribeAll((event, payload) => broadcast(admitted, { event, payload }));
  const pings = setInterval(() => pingAll(admitted), pingIntervalMs);
  pings.unref();

  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    socket.on('error', () => socket.terminate());
    if (!hasToken(request, token)) {
      socket.close(closeCodes.wrongToken, 'Wrong or missing token: open the address that "serve" printed.');
      return;
    }
    admitted.add(socket);
    socket.on('close', () => admitted.delete(socket));
    socket.on('message', (data, isBinary) => void answer(studio, socket, data, isBinary));
  });

  return {
    handleUpgrade(request, socket, head) {
      if (!mayConnect(request)) refuse(socket);
      else
        server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request));
    },
    close() {
      stopEvents();
      clearInterval(pings);
      for (const socket of server.clients) socket.close(closeCodes.shuttingDown, 'The studio was ended.');
      // A peer that does not answer the closing frame would hold the server open.
      setTimeout(() => terminateAll(server.clients), closingGraceMs).unref();
      server.close();
    },
  };
}

function mayConnect(request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  return request.url === '/ipc' && isLoopbackHost(host) && isOwnOrigin(origin, host);
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

/** The token is the second subprotocol: unlike a URL it stays out of logs and histories. */
function hasToken(request: IncomingMessage, token: string): boolean {
  const given = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  return given[0] === socketProtocol && given.length === 2 && isSameToken(given[1] ?? '', token);
}

async function answer(
  studio: RelayedStudio,
  socket: WebSocket,
  data: RawData,
  isBinary: boolean,
): Promise<void> {
  const call = isBinary ? null : parseCall(data);
  if (!call) {
    socket.close(closeCodes.badMessage, 'Not a message of this studio.');
    return;
  }
  const reply = await studio.invoke(call.call, call.params);
  if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage({ id: call.id, ...reply }));
}

function parseCall(data: RawData): ReturnType<typeof callMessage.parse> | null {
  try {
    // Text frames arrive as one Buffer with the default binaryType.
    return callMessage.parse(decodeMessage((data as Buffer).toString('utf8')));
  } catch {
    return null;
  }
}

function broadcast(sockets: Iterable<WebSocket>, message: unknown): void {
  const text = encodeMessage(message);
  for (const socket of sockets) {
    if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < largestBacklogBytes)
      socket.send(text);
  }
}

/** Keeps tunnels from closing an idle connection. */
function pingAll(sockets: Iterable<WebSocket>): void {
  for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.ping();
}

function terminateAll(sockets: Iterable<WebSocket>): void {
  for (const socket of sockets) socket.terminate();
}
