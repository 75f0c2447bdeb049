import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { isOwnerGone, isProcessAlive, realSurroundings, SILENT_MS } from './owner.ts';

const started: ChildProcess[] = [];
afterEach(async () => {
  const going = started
    .splice(0)
    .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(
    going.map((child) => {
      child.kill('SIGKILL');
      return once(child, 'exit');
    }),
  );
});

function start(command: string, ...words: string[]): ChildProcess {
  const child = spawn(command, words, { stdio: 'ignore' });
  started.push(child);
  return child;
}

async function until<T>(what: () => T | undefined): Promise<T> {
  for (;;) {
    const found = what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A killed process whose parent lives and never asks what became of it. */
async function startZombie(): Promise<number> {
  const parent = start('sh', '-c', 'sleep 60 & exec sleep 60');
  const pid = await until(() => {
    // Only once the shell has become the second sleep is there nobody left who would wait for the first.
    if (!readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep')) return undefined;
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8');
    return Number(children) || undefined;
  });
  process.kill(pid, 'SIGKILL');
  await until(() => (/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')) ? true : undefined));
  return pid;
}

describe('the probe of a process', () => {
  it('finds itself and a child alive, and an ended one not', async () => {
    expect(isProcessAlive(process.pid, Date.now())).toBe(true);
    const child = start('sleep', '60');
    expect(isProcessAlive(child.pid!, Date.now())).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isProcessAlive(child.pid!, Date.now())).toBe(false);
  });
});

// What the states of processes are is in /proc.
describe.skipIf(process.platform !== 'linux')('the probe of a process on Linux', () => {
  it('takes a killed one that nobody has waited for yet for dead, although signals reach it', async () => {
    const pid = await startZombie();
    expect(process.kill(pid, 0)).toBe(true);
    expect(isProcessAlive(pid, Date.now())).toBe(false);
    const owner = { pid, heartbeatAtMs: Date.now() };
    expect(isOwnerGone(owner, SILENT_MS, realSurroundings)).toBe(true);
  });

  it('finds one alive whatever its program is called', async () => {
    // A name that looks like the fields after it.
    const named = start('sh', '-c', 'echo ") Z 1" > /proc/$$/comm; sleep 60; true');
    await until(() => (readFileSync(`/proc/${named.pid}/comm`, 'utf8').includes(') Z 1') ? true : undefined));
    expect(isProcessAlive(named.pid!, Date.now())).toBe(true);
  });

  it('takes one that began after its owner was last heard of for another that has its number', async () => {
    const child = start('sleep', '60');
    await once(child, 'spawn');
    const minuteAgo = Date.now() - 60_000;
    expect(isProcessAlive(child.pid!, minuteAgo)).toBe(false);
    // One that began before is the owner, however long it has not been heard of.
    const testBegan = Date.now() - process.uptime() * 1_000;
    expect(isProcessAlive(process.pid, testBegan + 1_000)).toBe(true);
  });

  it('leaves one alone that began only a moment after it was heard of, as a clock that was set says', async () => {
    const child = start('sleep', '60');
    await once(child, 'spawn');
    expect(isProcessAlive(child.pid!, Date.now() - 1_000)).toBe(true);
  });
});
