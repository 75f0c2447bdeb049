import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CLI_PROGRAM, ROOT } from '../../../scripts/lib/paths.mjs';
import { projectNode } from '../../../scripts/lib/project-node.mjs';
import type { TemporaryHome } from './home.ts';

/** The studio served to a browser. */
export interface ServedStudio {
  /** With the token; open it in a page. */
  readonly address: string;
  /** Of the serving shell; the studio and trainer processes are its descendants. */
  readonly pid: number;
  /** Everything it has said on stderr, for a failing test's message. */
  log(): string;
  /** Ends it as Ctrl-C does and waits. */
  stop(): Promise<void>;
}

/**
 * Serves the built studio with a data folder of its own. The caller stops it.
 * @throws Error with its messages when it ends before it names its address
 */
export async function serveStudio(home: TemporaryHome): Promise<ServedStudio> {
  const child = spawn(projectNode(), [CLI_PROGRAM, 'serve', '--json'], {
    cwd: ROOT,
    env: { ...process.env, ...home.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const line = await Promise.race([firstLine(child), ended.then(() => null)]);
  if (line === null) throw new Error(`serve ended before it named its address: ${said}`);
  const { address, pid } = JSON.parse(line) as { address: string; pid: number };
  return {
    address,
    pid,
    log: () => said,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

async function firstLine(child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> {
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return line;
}
