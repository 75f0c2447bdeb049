import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a test's server misbehaves; reset by assigning. */
export interface ServerMood {
  /** Breaks the connection after so many bytes of an answer. */
  breakAfterBytes: number | null;
  /** Sends whole files whatever range is asked for. */
  ignoresRanges: boolean;
  /** Waits between pieces, so that a test can act in between. */
  pauseMs: number;
  status: number | null;
  /** Does not say how long an answer is. */
  hidesLength: boolean;
}

/** A server of files on this machine. */
export interface FileServer {
  readonly address: string;
  readonly files: Map<string, Uint8Array>;
  readonly mood: ServerMood;
  /** Ranges that were asked for, in order; "" for none. */
  readonly asked: string[];
  close(): Promise<void>;
}

const PIECE_BYTES = 1_000;

async function send(response: ServerResponse, bytes: Uint8Array, mood: ServerMood): Promise<void> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    if (mood.breakAfterBytes !== null && start >= mood.breakAfterBytes) {
      response.destroy();
      return;
    }
    await new Promise((resolve) => response.write(bytes.subarray(start, start + PIECE_BYTES), resolve));
    await new Promise((resolve) => setTimeout(resolve, mood.pauseMs));
  }
  response.end();
}

function answer(
  server: Omit<FileServer, 'address' | 'close'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { files, mood, asked } = server;
  const range = request.headers.range ?? '';
  asked.push(range);
  if (request.url === '/moved') {
    response.writeHead(302, { location: '/file' }).end();
    return;
  }
  const bytes = files.get(request.url ?? '');
  if (mood.status !== null || bytes === undefined) {
    response.writeHead(mood.status ?? 404).end();
    return;
  }
  const from = mood.ignoresRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
  // As many servers do, calls packed files packed: the client must not unpack them.
  const length = mood.hidesLength ? {} : { 'content-length': bytes.length - from };
  const headers = { 'content-encoding': 'x-gzip', ...length };
  if (from >= bytes.length) response.writeHead(416).end();
  else if (from === 0) response.writeHead(200, headers);
  else
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    });
  if (from < bytes.length) void send(response, bytes.subarray(from), mood);
}

/** Starts one on a free port of the loopback. */
export async function startFileServer(): Promise<FileServer> {
  const parts = {
    files: new Map<string, Uint8Array>(),
    mood: { breakAfterBytes: null, ignoresRanges: false, pauseMs: 0, status: null, hidesLength: false },
    asked: [],
  };
  const server = createServer((request, response) => answer(parts, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...parts,
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
