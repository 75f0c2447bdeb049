import { describe, expect, it, vi } from 'vitest';
import { WebSocketTransport, type LinkState, type SocketLike } from './web-socket.ts';

class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly sent: { id: number; call: string }[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { id: number; call: string });
  }
  close(): void {
    this.onclose?.call(null as never, {} as CloseEvent);
  }
  open(): void {
    this.onopen?.call(null as never, {} as Event);
  }
  receive(message: unknown): void {
    this.onmessage?.call(null as never, { data: JSON.stringify(message) } as MessageEvent);
  }
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const states: LinkState[] = [];
  const transport = new WebSocketTransport({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onState: (state) => states.push(state),
    delayMs: () => 0,
  });
  return { transport, sockets, states };
}

describe('WebSocketTransport', () => {
  it('sends calls made before it was open and matches replies by id, in any order', async () => {
    const { transport, sockets } = setUp();
    const first = transport.invoke('studio.info', {});
    const second = transport.invoke('runs.list', {});
    sockets[0]!.open();
    const [a, b] = sockets[0]!.sent;
    sockets[0]!.receive({ id: b!.id, ok: true, value: 'second' });
    sockets[0]!.receive({ id: a!.id, ok: true, value: 'first' });
    expect(await first).toEqual({ ok: true, value: 'first' });
    expect(await second).toEqual({ ok: true, value: 'second' });
  });

  it('hands events to the listeners of their name until they leave', () => {
    const { transport, sockets } = setUp();
    const listener = vi.fn();
    const leave = transport.subscribe('run.log', listener);
    sockets[0]!.open();
    sockets[0]!.receive({ event: 'run.log', payload: 1 });
    sockets[0]!.receive({ event: 'run.changed', payload: 2 });
    leave();
    sockets[0]!.receive({ event: 'run.log', payload: 3 });
    expect(listener.mock.calls).toEqual([[1]]);
  });

  it('answers sent calls with process-lost when the link breaks, and connects again', async () => {
    const { transport, sockets, states } = setUp();
    sockets[0]!.open();
    const call = transport.invoke('runs.pause', {});
    sockets[0]!.close();
    expect(await call).toMatchObject({ ok: false, error: { code: 'process-lost' } });
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
    const waiting = transport.invoke('runs.list', {});
    sockets[1]!.open();
    sockets[1]!.receive({ id: sockets[1]!.sent[0]!.id, ok: true, value: 7 });
    expect(await waiting).toEqual({ ok: true, value: 7 });
    expect(states).toEqual(['connecting', 'open', 'lost', 'lost', 'open']);
  });

  it('drops what is no message of the studio', () => {
    const { transport, sockets } = setUp();
    const listener = vi.fn();
    transport.subscribe('x', listener);
    sockets[0]!.open();
    sockets[0]!.receive({ event: 'x', payload: 1, more: true });
    sockets[0]!.receive({ ready: true });
    expect(listener).not.toHaveBeenCalled();
  });
});
