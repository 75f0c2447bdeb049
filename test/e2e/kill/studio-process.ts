import { readFileSync } from 'node:fs';
import { contract, type StudioClient } from '../../../src/shared/ipc/contract.ts';
import { createClient } from '../../../src/shared/ipc/client.ts';
import { connectOverPort } from '../../../src/shared/ipc/port.ts';
import { createNodeHost } from '../../../src/main/host/node-host.ts';
import { studioEnvironment } from '../../../src/main/host/studio-environment.ts';
import type { HostedProcess } from '../../../src/main/host/host.ts';

/** A real studio process of the built program, with the client of a door. */
export interface StudioProcess {
  readonly client: StudioClient;
  readonly process: HostedProcess;
  /** Resolves when it is gone. */
  readonly exited: Promise<void>;
}

/** Starts a studio on a data folder; it is not started again when it dies. */
export function startStudio(home: string): StudioProcess {
  const child = createNodeHost().launch('studio', { environment: studioEnvironment('command-line', home) });
  const transport = connectOverPort({
    send: (message) => child.send(message),
    onMessage: (listener) => child.onMessage(listener),
    onDisconnect: (listener) => child.onExit(() => listener()),
  });
  const exited = new Promise<void>((resolve) => child.onExit(() => resolve()));
  return { client: createClient(contract, transport), process: child, exited };
}

/** Process ids of what a process has started, such as a studio's trainers and searchers (Linux). */
export function childPids(parentPid: number): number[] {
  try {
    const text = readFileSync(`/proc/${parentPid}/task/${parentPid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Is a process there that could still do something? A killed one that nobody has waited for yet could not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits for a condition. @throws Error after `timeoutMs` */
export async function waitUntil(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const giveUpAtMs = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > giveUpAtMs) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
