import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/shared/ipc/client.ts';
import { contract } from '../../src/shared/ipc/contract.ts';
import type { Transport } from '../../src/shared/ipc/derive.ts';
import { errorCode, StudioError } from '../../src/shared/ipc/errors.ts';
import { reply } from '../../src/shared/ipc/message.ts';
import { createRouter } from '../../src/shared/ipc/router.ts';
import { echoContract } from './fixtures/echo-contract.ts';
import { createEchoHandlers } from './fixtures/echo-handlers.ts';

const route = createRouter(
  echoContract,
  createEchoHandlers(() => undefined),
);
const direct: Transport = { invoke: route, subscribe: () => () => undefined };
const client = createClient(echoContract, direct);

describe('router', () => {
  it('answers every call, however senseless, with a reply', async () => {
    const calls = fc.oneof(
      fc.constantFrom(
        'echo',
        'double',
        'fail',
        'lie',
        'pid',
        'ticked',
        '__proto__',
        'constructor',
        'toString',
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(calls, fc.anything(), async (call, params) => {
        const answer = await route(call, params);
        expect(reply.safeParse(answer).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never runs a handler with parameters that do not fit', async () => {
    let ran = false;
    const handlers = { ...createEchoHandlers(() => undefined), double: () => ((ran = true), 0) };
    const strict = createRouter(echoContract, handlers);
    const misfit = fc.anything().filter((value) => !echoContract.double.params.safeParse(value).success);
    await fc.assert(
      fc.asyncProperty(misfit, async (params) => {
        expect(await strict('double', params)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      }),
    );
    expect(ran).toBe(false);
  });

  it('names the place of a misfit', async () => {
    const answer = await route('double', { number: 'three' });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', details: { issues: [{ path: 'number' }] } },
    });
  });

  it.each(['no-such-call', 'ticked', 'toString', '__proto__'])(
    'refuses %s, which is no call',
    async (call) => {
      expect(await route(call, {})).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    },
  );

  it('reports an answer of its own that breaks the contract as internal', async () => {
    expect(await route('lie', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
  });
});

describe('client', () => {
  it('fills in defaults and returns the parsed result', async () => {
    expect(await client.invoke('double', {})).toBe(42);
  });

  it('rebuilds any error of the other side', async () => {
    // The schemas leave out a `__proto__` key, wherever it stands: it could change the object that is rebuilt.
    const details = fc
      .dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })
      .filter((detail) => !JSON.stringify(detail).includes('__proto__'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...errorCode.options),
        fc.string(),
        details,
        async (code, message, detail) => {
          const error = await client
            .invoke('fail', { code, message, details: detail })
            .catch((e: unknown) => e);
          expect(error).toBeInstanceOf(StudioError);
          expect(error).toMatchObject({ code, message });
          expect((error as StudioError).details).toEqual(detail);
        },
      ),
    );
  });

  it('turns an unexpected error into an internal one that keeps its message', async () => {
    await expect(
      client.invoke('fail', { code: '?', message: 'x is undefined', details: {} }),
    ).rejects.toMatchObject({
      code: 'internal',
      message: 'x is undefined',
    });
  });

  it('refuses a reply or a result of the wrong shape', async () => {
    const broken = (answer: unknown) =>
      createClient(echoContract, { ...direct, invoke: () => Promise.resolve(answer) });
    for (const answer of [
      undefined,
      null,
      'text',
      { ok: true },
      { ok: 1 },
      { ok: true, value: 'no number' },
    ]) {
      await expect(broken(answer).invoke('double', {})).rejects.toMatchObject({ code: 'internal' });
    }
  });

  it('hands on events that fit and reports those that do not', () => {
    let send: (payload: unknown) => void = () => undefined;
    const problems: string[] = [];
    const heard: number[] = [];
    const listening = createClient(
      echoContract,
      { ...direct, subscribe: (_, listener) => ((send = listener), () => undefined) },
      { onBadEvent: (error) => problems.push(error.code) },
    );
    listening.subscribe('ticked', ({ count }) => heard.push(count));
    send({ count: 1 });
    send({ count: 'two' });
    send({ count: 3, more: true });
    expect(heard).toEqual([1]);
    expect(problems).toEqual(['internal', 'internal']);
  });
});

describe('the studio contract', () => {
  it('has parameters that can be left empty wherever there is nothing to say', () => {
    const withoutParams = [
      'studio.info',
      'settings.get',
      'engine.status',
      'gallery.list',
      'runs.list',
    ] as const;
    for (const name of withoutParams) expect(contract[name].params.safeParse({}).success).toBe(true);
  });
});
