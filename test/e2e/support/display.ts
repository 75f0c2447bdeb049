import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A display for windows that nobody sees. */
export interface Display {
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

/** Starts a virtual display on Linux; elsewhere the machine's own serves. The caller stops it. */
export async function startDisplay(): Promise<Display> {
  if (process.platform !== 'linux') return { environment: {}, stop: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x960x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`Xvfb ended with code ${String(code)} before it named its display`));
    });
    // Xvfb picks a free display itself and writes its number here.
    (server.stdio[3] as Readable).once('data', (text: Buffer) => {
      resolve(text.toString().trim());
    });
  });
  return { environment: { DISPLAY: `:${number}` }, stop: () => void server.kill() };
}
