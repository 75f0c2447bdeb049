import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HostedProcess } from './host.ts';
import { createNodeHost } from './node-host.ts';
import { projectRoot } from './paths.ts';

const program = join(projectRoot(), 'test', 'contract', 'fixtures', 'echo-program.ts');
const programs = {
  studio: program,
  trainer: program,
  inspector: program,
  importer: program,
  explorer: program,
  searcher: program,
};
const host = createNodeHost({ programs });
const textHost = createNodeHost({ programs, wire: 'text' });
const launched: HostedProcess[] = [];

function launch(environment: Record<string, string> = {}, by = host): HostedProcess {
  const process = by.launch('studio', { environment });
  launched.push(process);
  return process;
}

function exitOf(process: HostedProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => process.onExit(resolve));
}

function nextMessage(process: HostedProcess, fits: (message: unknown) => boolean): Promise<unknown> {
  return new Promise((resolve) => process.onMessage((message) => fits(message) && resolve(message)));
}

afterEach(() => {
  for (const process of launched.splice(0)) process.kill();
  vi.restoreAllMocks();
});

describe('a program forked by the Node host', () => {
  it.each([host, textHost])(
    'receives messages sent before it listens, and answers with typed arrays intact',
    async (by) => {
      const process = launch({}, by);
      const value = new Float32Array([0.1, NaN]);
      const answered = nextMessage(process, (message) => (message as { id?: number }).id === 5);
      process.send({ id: 5, call: 'echo', params: { value } });
      expect(await answered).toEqual({ id: 5, ok: true, value: { value } });
    },
  );

  it('is told to end and ends by itself', async () => {
    const process = launch();
    await nextMessage(process, () => true);
    const exit = exitOf(process);
    process.end();
    expect(await exit).toEqual({ code: 0, signal: null });
  });

  it('leaves a Ctrl-C of the terminal to its parent', async () => {
    const child = launch();
    await nextMessage(child, () => true);
    process.kill(child.pid, 'SIGINT');
    const answered = nextMessage(child, (message) => (message as { id?: number }).id === 1);
    child.send({ id: 1, call: 'pid', params: {} });
    expect(await answered).toMatchObject({ value: child.pid });
  });

  it('reports how it ended, to late listeners too, and swallows messages to the dead', async () => {
    const process = launch();
    process.kill();
    const first = await exitOf(process);
    expect(first).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await exitOf(process)).toEqual(first);
    expect(() => process.send({ id: 1 })).not.toThrow();
  });

  it('delivers every message before it reports the end', async () => {
    const process = launch();
    await nextMessage(process, () => true);
    const counts: number[] = [];
    process.onMessage((message) => {
      const { payload } = message as { payload?: { count: number } };
      if (payload) counts.push(payload.count);
    });
    const exit = exitOf(process);
    process.send({ id: 1, call: 'tick', params: { count: 100 } });
    process.send({ id: 2, call: 'crash', params: { code: 7 } });
    expect((await exit).code).toBe(7);
    // 100 small messages fit into the channel's buffer, so the child's exit cuts none of them off.
    expect(counts).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('has its output copied to standard error under its name', async () => {
    const written: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (written.push(String(text)), true));
    const child = launch();
    await nextMessage(child, () => true);
    const exit = exitOf(child);
    child.end();
    await exit;
    await vi.waitFor(() => expect(written.join('')).toContain('[studio] parent gone\n'));
    expect(written.join('')).toContain('[studio] echo program is up\n');
  });

  it('counts as ended when it cannot be started', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const nowhere = createNodeHost({
      programs: {
        studio: program,
        trainer: program,
        inspector: program,
        importer: program,
        explorer: program,
        searcher: program,
      },
      node: { executable: '/nonexistent/node', environment: {} },
    });
    expect(await exitOf(nowhere.launch('trainer', {}))).toEqual({ code: null, signal: null });
  });
});
