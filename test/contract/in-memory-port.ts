import type { Port } from '../../src/shared/ipc/port.ts';

/** Two ends of a channel in one process; what is sent is cloned, as between processes. */
export interface PortPair {
  readonly near: Port;
  readonly far: Port;
  /** Both ends see the other go. */
  cut(): void;
}

export function createPortPair(): PortPair {
  const near = createEnd();
  const far = createEnd();
  const wire = (from: End, to: End): Port => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setImmediate(() => to.messages.forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => subscribe(from.messages, listener),
    onDisconnect: (listener) => subscribe(from.disconnects, listener),
  });
  return {
    near: wire(near, far),
    far: wire(far, near),
    cut: () => [near, far].forEach((end) => end.disconnects.forEach((listener) => listener())),
  };
}

interface End {
  readonly messages: Set<(message: unknown) => void>;
  readonly disconnects: Set<() => void>;
}

function createEnd(): End {
  return { messages: new Set(), disconnects: new Set() };
}

function subscribe<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
