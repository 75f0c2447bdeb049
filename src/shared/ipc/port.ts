import type { ContractTable, EventName, EventPayload, Handlers, Transport } from './derive.ts';
import { StudioError, toWireError } from './errors.ts';
import { reportToConsole } from './report.ts';
import { estimateBytes, maxEventBytes } from './event-size.ts';
import { callMessage, serverMessage, type EventMessage, type Reply, type ServerMessage } from './message.ts';
import { createRouter } from './router.ts';

/** A two-way channel to another process. Values are structured-clone safe. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once when the other side is gone. */
  onDisconnect(listener: () => void): () => void;
}

/** The serving end of a contract. */
export interface Publisher<T extends ContractTable> {
  /**
   * Sends an event to every door. One larger than 64 KB is not sent but reported: an event is news of what is stored
   * already, so its loss must not end a run.
   */
  publish<K extends EventName<T>>(name: K, payload: EventPayload<T, K>): void;
  /** Takes no more calls. */
  close(): void;
}

export interface ServeOptions {
  /** Told of an event that was not sent. The console when left out. */
  readonly onRefused?: (error: StudioError) => void;
}

/** Answers the calls that arrive on a port, and says `ready` on it. Messages that are no calls are ignored. */
export function serveOverPort<T extends ContractTable>(
  contract: T,
  handlers: Handlers<T>,
  port: Port,
  options: ServeOptions = {},
): Publisher<T> {
  const onRefused = options.onRefused ?? reportToConsole;
  const route = createRouter(contract, handlers);
  let connected = true;
  const send = (message: ServerMessage): void => {
    if (connected) port.send(message);
  };
  const stopListening = port.onMessage((message) => {
    const call = callMessage.safeParse(message);
    if (!call.success) return;
    const { id, call: name, params } = call.data;
    void route(name, params).then((answer) => send({ id, ...answer }));
  });
  port.onDisconnect(() => {
    connected = false;
  });
  send({ ready: true });
  return {
    publish(name, payload) {
      const refusal = refuseTooLarge({ event: name, payload });
      if (refusal) onRefused(refusal);
      else send({ event: name, payload });
    },
    close: () => {
      stopListening();
      connected = false;
    },
  };
}

function refuseTooLarge(message: EventMessage): StudioError | null {
  const sizeBytes = estimateBytes(message.payload);
  if (sizeBytes <= maxEventBytes) return null;
  return new StudioError(
    'internal',
    `${message.event} event: found about ${sizeBytes} bytes, expected at most ${maxEventBytes}; offer it as a call's result`,
    { sizeBytes, maxEventBytes },
  );
}

/** The calling end of a contract on a port. */
export interface PortTransport extends Transport {
  /** Every event, by name; what a relay to other doors listens to. */
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
  /** Called once, when the serving side takes calls. */
  onReady(listener: () => void): void;
}

/**
 * Calls over a port. When the port dies, calls without an answer resolve to a `process-lost` error, and so do all
 * later ones.
 */
export function connectOverPort(port: Port): PortTransport {
  const pending = new Map<number, (answer: Reply) => void>();
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const readyListeners = new Set<() => void>();
  let nextId = 0;
  let connected = true;

  const receive = (message: ServerMessage): void => {
    if ('ready' in message) {
      for (const listener of readyListeners) listener();
    } else if ('event' in message) {
      for (const listener of listeners) listener(message.event, message.payload);
    } else {
      const { id, ...answer } = message;
      pending.get(id)?.(answer);
      pending.delete(id);
    }
  };
  port.onMessage((message) => {
    const parsed = serverMessage.safeParse(message);
    if (parsed.success) receive(parsed.data);
  });
  port.onDisconnect(() => {
    connected = false;
    for (const resolve of pending.values()) resolve(processLost());
    pending.clear();
  });

  const subscribeAll: PortTransport['subscribeAll'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    invoke(call, params) {
      if (!connected) return Promise.resolve(processLost());
      return new Promise((resolve) => {
        const id = nextId++;
        pending.set(id, resolve);
        try {
          port.send({ id, call, params });
        } catch (thrown) {
          pending.delete(id);
          resolve({ ok: false, error: toWireError(thrown) });
        }
      });
    },
    subscribe: (name, listener) =>
      subscribeAll((event, payload) => {
        if (event === name) listener(payload);
      }),
    subscribeAll,
    onReady: (listener) => void readyListeners.add(listener),
  };
}

/** The reply to a call whose process is gone. */
export function processLost(why = 'its channel closed before it answered'): Reply {
  const message = `studio process: ${why}; what was stored is safe, try again`;
  return { ok: false, error: { code: 'process-lost', message, details: {} } };
}
