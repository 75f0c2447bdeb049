import { createClient } from '../../shared/ipc/client.ts';
import { contract, type StudioClient } from '../../shared/ipc/contract.ts';
import type { Transport } from '../../shared/ipc/derive.ts';
import { takeToken } from './token.ts';
import { WebSocketTransport, type LinkState } from './web-socket.ts';

declare global {
  interface Window {
    /** Put there by the preload; absent in a browser. */
    readonly studio?: Transport;
  }
}

export interface Connection {
  readonly client: StudioClient;
  /** Tries a lost connection at once. */
  readonly retryNow: () => void;
}

const PROTOCOL = 'epoch-studio';

function openSocket(token: string): WebSocket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocket(`${scheme}://${location.host}/ipc`, [PROTOCOL, token]);
}

/**
 * The studio's client over whichever way this window has: the preload's transport, else a WebSocket to the
 * server that served the page. Null in a browser tab that came without a token.
 */
export function connect(onState: (state: LinkState) => void): Connection | null {
  if (window.studio !== undefined) {
    onState('open');
    return { client: createClient(contract, window.studio), retryNow: () => undefined };
  }
  const token = takeToken();
  if (token === null) return null;
  const transport = new WebSocketTransport({ open: () => openSocket(token), onState });
  return { client: createClient(contract, transport), retryNow: () => transport.retryNow() };
}
