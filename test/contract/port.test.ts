import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/shared/ipc/client.ts';
import type { StudioError } from '../../src/shared/ipc/errors.ts';
import { maxEventBytes } from '../../src/shared/ipc/event-size.ts';
import { connectOverPort, serveOverPort, type Publisher } from '../../src/shared/ipc/port.ts';
import { z } from 'zod';
import { invoke, notify } from '../../src/shared/ipc/derive.ts';
import { echoContract, type EchoContract } from './fixtures/echo-contract.ts';
import { createEchoHandlers } from './fixtures/echo-handlers.ts';
import { createPortPair } from './in-memory-port.ts';

function connect() {
  const pair = createPortPair();
  const transport = connectOverPort(pair.near);
  const publisher: Publisher<EchoContract> = serveOverPort(
    echoContract,
    createEchoHandlers((count) => publisher.publish('ticked', { count })),
    pair.far,
  );
  return { ...pair, transport, publisher, client: createClient(echoContract, transport) };
}

describe('a contract over a port', () => {
  it('matches each reply to its call when many are under way', async () => {
    const { client } = connect();
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    const doubled = await Promise.all(numbers.map((number) => client.invoke('double', { number })));
    expect(doubled).toEqual(numbers.map((number) => number + number));
  });

  it('carries typed arrays', async () => {
    const { client } = connect();
    const value = new Float32Array([1.5, -0, Number.MIN_VALUE, Infinity]);
    expect(await client.invoke('echo', { value })).toEqual({ value });
  });

  it('delivers events in order, to the subscribed name only, until unsubscribed', async () => {
    const { client } = connect();
    const heard: number[] = [];
    const stop = client.subscribe('ticked', ({ count }) => heard.push(count));
    await client.invoke('tick', { count: 3 });
    stop();
    await client.invoke('tick', { count: 2 });
    expect(heard).toEqual([1, 2, 3]);
  });

  it('says when it takes calls', async () => {
    const { transport } = connect();
    await new Promise<void>((resolve) => transport.onReady(resolve));
  });

  it('ends calls under way and later ones with process-lost when the other side goes', async () => {
    const { client, cut } = connect();
    const waiting = client.invoke('hang', {});
    cut();
    await expect(waiting).rejects.toMatchObject({ code: 'process-lost' });
    await expect(client.invoke('double', {})).rejects.toMatchObject({ code: 'process-lost' });
  });

  it('reports a value that cannot be sent instead of hanging', async () => {
    const { client } = connect();
    await expect(client.invoke('echo', { value: () => 1 })).rejects.toMatchObject({ code: 'internal' });
  });

  it('ignores messages that are none', async () => {
    const { client, near, far } = connect();
    for (const junk of [null, 7, 'x', {}, { id: -1, call: 'echo' }, { id: 0, ok: true }, { event: 1 }]) {
      near.send(junk);
      far.send(junk);
    }
    expect(await client.invoke('double', { number: 2 })).toBe(4);
  });

  it('reports an event above 64 KB instead of sending it, and sends one just below', async () => {
    const wide = {
      text: notify(z.strictObject({ text: z.string() })),
      nothing: invoke(z.unknown(), z.null()),
    };
    const { near, far } = createPortPair();
    const heard: number[] = [];
    const transport = connectOverPort(near);
    createClient(wide, transport).subscribe('text', ({ text }) => heard.push(text.length));
    const refused: unknown[] = [];
    const onRefused = (error: StudioError) => refused.push(error.details.maxEventBytes);
    const publisher = serveOverPort(wide, { nothing: () => null }, far, { onRefused });
    publisher.publish('text', { text: 'x'.repeat(maxEventBytes - 100) });
    publisher.publish('text', { text: 'x'.repeat(maxEventBytes + 1) });
    expect(refused).toEqual([maxEventBytes]);
    await transport.invoke('nothing', {});
    expect(heard).toEqual([maxEventBytes - 100]);
  });
});
