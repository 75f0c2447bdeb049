import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { closeCodes, type RelayedStudio } from '../../src/main/server/socket-door.ts';
import { startServer, type StudioServer } from '../../src/main/server/server.ts';
import { decodeMessage, encodeMessage } from '../../src/shared/ipc/codec.ts';
import { createRouter } from '../../src/shared/ipc/router.ts';
import { echoContract } from './fixtures/echo-contract.ts';
import { createEchoHandlers } from './fixtures/echo-handlers.ts';

const token = 'a'.repeat(64);
const listeners = new Set<(name: string, payload: unknown) => void>();
const publish = (count: number) => listeners.forEach((listener) => listener('ticked', { count }));
const studio: RelayedStudio = {
  invoke: createRouter(echoContract, createEchoHandlers(publish)),
  subscribeAll: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
};

let folder: string;
let server: StudioServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'));
  mkdirSync(join(folder, 'renderer'));
  writeFileSync(join(folder, 'renderer', 'index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'secret.json'), 'SECRET');
  server = await startServer({ studio, rendererDirectory: join(folder, 'renderer'), token });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Raw HTTP, because fetch would tidy the path and set its own Host. */
function ask(path: string, options: { method?: string; host?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: options.host ?? `127.0.0.1:${server.port}` };
    const { port } = server;
    const call = request(
      { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    call.on('error', reject);
    call.end();
  });
}

interface Attempt {
  readonly path?: string;
  readonly origin?: string | null;
  readonly host?: string;
  readonly protocols?: string[];
}

/** Opens a socket as a browser would, and tells how far it came. */
function open(attempt: Attempt = {}): Promise<{ socket: WebSocket; outcome: 'open' | number }> {
  const own = `127.0.0.1:${server.port}`;
  const {
    path = '/ipc',
    origin = `http://${own}`,
    host = own,
    protocols = ['epoch-studio', token],
  } = attempt;
  const headers = { host, ...(origin === null ? {} : { origin }) };
  const socket = new WebSocket(`ws://${own}${path}`, protocols, { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve({ socket, outcome: response.statusCode ?? 0 }));
    socket.on('close', (code) => resolve({ socket, outcome: code }));
    socket.on('error', () => undefined);
    // A socket with the wrong token opens too, but is closed instead of answered.
    socket.on('open', () => socket.send(encodeMessage({ id: 0, call: 'pid', params: {} })));
    socket.once('message', () => resolve({ socket, outcome: 'open' }));
  });
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) =>
    socket.once('message', (data) => resolve(decodeMessage((data as Buffer).toString('utf8')))),
  );
}

describe('files over HTTP', () => {
  it('come with a strict policy and the right type', async () => {
    const { status, headers, body } = await ask('/?v=1');
    expect([status, body]).toEqual([200, '<p>page</p>']);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it.each(['/../secret.json', '/%2e%2e%2fsecret.json', '/..%5csecret.json', '/nothing.js', '/ipc'])(
    'are refused at %s',
    async (path) =>
      expect(await ask(path)).toMatchObject({ status: 404, body: expect.not.stringContaining('SECRET') }),
  );

  it('are refused under a foreign name that was made to point here', async () => {
    expect(await ask('/', { host: 'evil.example' })).toMatchObject({ status: 403 });
  });

  it('are read only', async () => {
    expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405 });
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });
});

describe('the socket', () => {
  it('relays calls and errors for the page with the token', async () => {
    const { socket, outcome } = await open();
    expect(outcome).toBe('open');
    expect(socket.protocol).toBe('epoch-studio');
    const doubled = nextMessage(socket);
    socket.send(encodeMessage({ id: 7, call: 'double', params: { number: 4 } }));
    expect(await doubled).toEqual({ id: 7, ok: true, value: 8 });
    const refused = nextMessage(socket);
    socket.send(encodeMessage({ id: 8, call: 'nonsense', params: {} }));
    expect(await refused).toMatchObject({ id: 8, ok: false, error: { code: 'invalid-input' } });
    socket.close();
  });

  it('brings events to every page', async () => {
    const pages = await Promise.all([open(), open()]);
    const heard = pages.map(({ socket }) => nextMessage(socket));
    publish(3);
    const expected = { event: 'ticked', payload: { count: 3 } };
    expect(await Promise.all(heard)).toEqual([expected, expected]);
    for (const { socket } of pages) socket.close();
  });

  it.each([
    ['another token', ['epoch-studio', 'b'.repeat(64)]],
    ['half the token', ['epoch-studio', 'a'.repeat(32)]],
    ['no token', ['epoch-studio']],
    ['the token under another protocol', ['other', token]],
    ['the token with company', ['epoch-studio', token, 'c']],
  ])('is closed with a clear code for %s', async (_, protocols) => {
    const { outcome } = await open({ protocols });
    expect([closeCodes.wrongToken, 1006]).toContain(outcome);
    if (protocols[0] === 'epoch-studio') expect(outcome).toBe(closeCodes.wrongToken);
  });

  it.each([
    ['a foreign page', { origin: 'http://evil.example' }],
    ['a page on another port', { origin: 'http://127.0.0.1:1' }],
    ['no page at all', { origin: null }],
    ['a sandboxed page', { origin: 'null' }],
    ['a rebound name', { host: 'evil.example', origin: 'http://evil.example' }],
    ['another path', { path: '/ipc/' }],
  ])('is refused to %s', async (_, attempt) => expect((await open(attempt)).outcome).toBe(403));

  it.each([
    ['text that is no JSON', '{'],
    ['JSON that is no call', '[]'],
    ['a binary frame', Buffer.from('{}')],
  ])('is closed with a clear code after %s', async (_, data) => {
    const { socket } = await open();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send(data);
    expect(await closed).toBe(closeCodes.badMessage);
  });
});

describe('startServer', () => {
  it('shows an address on the loopback interface with the token in the fragment', () => {
    expect(server.address).toBe(`http://127.0.0.1:${server.port}/#token=${token}`);
  });

  it('refuses an interface others can reach', async () => {
    const options = { studio, rendererDirectory: folder };
    for (const host of ['0.0.0.0', '::', '192.168.0.1']) {
      await expect(startServer({ ...options, host })).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  it('says that a port is taken', async () => {
    const second = startServer({ studio, rendererDirectory: folder, port: server.port });
    await expect(second).rejects.toMatchObject({ code: 'conflict' });
  });

  it('tells its pages goodbye and closes at once', async () => {
    const other = await startServer({ studio, rendererDirectory: folder, token });
    const origin = `http://127.0.0.1:${other.port}`;
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/ipc`, ['epoch-studio', token], { origin });
    await new Promise((resolve) => socket.on('open', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await other.close();
    expect(await closed).toBe(closeCodes.shuttingDown);
  });
});
