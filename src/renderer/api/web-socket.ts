import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import type { Transport } from '../../shared/ipc/derive.ts';
import { serverMessage, type Reply, type ServerMessage } from '../../shared/ipc/message.ts';

/** How the link to the studio is doing. */
export type LinkState = 'connecting' | 'open' | 'lost';

/** The part of a browser's WebSocket that is used; a test passes its own. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'onerror'>;

export interface WebSocketOptions {
  readonly open: () => SocketLike;
  readonly onState: (state: LinkState) => void;
  /** Wait before the nth attempt to connect again. */
  readonly delayMs?: (attempt: number) => number;
}

/** A quarter of a second, doubling up to eight seconds. */
function backoffMs(attempt: number): number {
  return Math.min(8_000, 250 * 2 ** attempt);
}

const lost: Reply = {
  ok: false,
  error: {
    code: 'process-lost',
    message: 'window: the connection to the studio was lost before it answered; try again once connected',
    details: {},
  },
};

/**
 * The contract over a WebSocket that connects again by itself. Calls made while there is no connection wait for
 * it; calls already sent when it breaks answer `process-lost`, since nobody knows whether they took effect.
 */
export class WebSocketTransport implements Transport {
  readonly #options: WebSocketOptions;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();
  #unsent: string[] = [];
  #socket: SocketLike | null = null;
  #isOpen = false;
  #attempt = 0;
  #nextId = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WebSocketOptions) {
    this.#options = options;
    this.#connect();
  }

  invoke(name: string, params: unknown): Promise<unknown> {
    const id = this.#nextId++;
    const text = encodeMessage({ id, call: name, params });
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      if (this.#isOpen) this.#socket?.send(text);
      else this.#unsent.push(text);
    });
  }

  subscribe(name: string, listener: (payload: unknown) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.#socket !== null) return;
    clearTimeout(this.#retryTimer);
    this.#connect();
  }

  #connect(): void {
    this.#options.onState(this.#attempt === 0 ? 'connecting' : 'lost');
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = () => this.#closed(socket);
    socket.onerror = () => socket.close();
  }

  #opened(socket: SocketLike): void {
    this.#isOpen = true;
    this.#attempt = 0;
    for (const text of this.#unsent) socket.send(text);
    this.#unsent = [];
    this.#options.onState('open');
  }

  #closed(socket: SocketLike): void {
    if (this.#socket !== socket) return;
    const sent = this.#isOpen;
    this.#socket = null;
    this.#isOpen = false;
    if (sent) this.#failWaiting();
    this.#options.onState('lost');
    const delayMs = (this.#options.delayMs ?? backoffMs)(this.#attempt++);
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
  }

  #failWaiting(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(lost);
  }

  #received(data: unknown): void {
    if (typeof data !== 'string') return;
    const parsed = serverMessage.safeParse(decodeMessage(data));
    if (parsed.success) this.#dispatch(parsed.data);
  }

  #dispatch(message: ServerMessage): void {
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.payload);
    } else if ('ok' in message) {
      const { id, ...reply } = message;
      this.#waiting.get(id)?.(reply);
      this.#waiting.delete(id);
    }
  }
}
