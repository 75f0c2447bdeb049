import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunDetail, RunId } from '../../src/shared/schema/run.ts';
import { differences, integrityOf } from './kill/acknowledged.ts';
import { killExperiment } from './kill/kill-experiment.ts';
import { startStudio, waitUntil, type StudioProcess } from './kill/studio-process.ts';
import { isOver, trainUntouched, watchStates } from './kill/untouched.ts';

const training = { experiment: killExperiment('circles', 60), engine: 'cpu', seed: 3 } as const;

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'epoch-studio-interrupted-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function resumeToTheEnd(studio: StudioProcess, runId: RunId): Promise<RunDetail> {
  const states = watchStates(studio);
  await studio.client.invoke('runs.resume', { runId });
  await waitUntil('the resumed run ends', () => isOver(states.get(runId)), 120_000);
  return studio.client.invoke('runs.get', { runId });
}

async function end(studio: StudioProcess): Promise<void> {
  studio.process.end();
  await studio.exited;
}

describe('an interrupted run', () => {
  it('is paused by a polite end and goes on from there to the same numbers', async () => {
    const home = join(folder, 'ended');
    const first = startStudio(home);
    let epochs = 0;
    first.client.subscribe('run.epoch', () => (epochs += 1));
    const { runId } = await first.client.invoke('runs.start', training);
    await waitUntil('some epochs are stored', () => epochs >= 10);
    await end(first);
    expect(readdirSync(join(home, 'artifacts', 'runs', runId)).join()).toContain('paused-');

    const second = startStudio(home);
    const { summary } = await second.client.invoke('runs.get', { runId });
    expect(summary.state).toBe('paused');
    const resumed = await resumeToTheEnd(second, runId);
    await end(second);
    expect(resumed.summary.state).toBe('finished');
    expect(readdirSync(join(home, 'artifacts', 'runs', runId)).join()).not.toContain('paused-');
    expect(differences(await trainUntouched(join(folder, 'untouched'), training), resumed)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'by a full disk says so, keeps its epochs and goes on once there is room, to the same numbers',
    async (context) => {
      const home = join(folder, 'small');
      mkdirSync(home);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', home], { stdio: 'ignore' });
      } catch {
        context.skip('a container may forbid mounting even to root');
      }
      try {
        await fillAndGoOn(home);
      } finally {
        execFileSync('umount', [home]);
      }
    },
  );

  async function fillAndGoOn(home: string): Promise<void> {
    const studio = startStudio(home);
    try {
      await fillAndGoOnWith(studio, home);
    } finally {
      await end(studio);
    }
  }

  async function fillAndGoOnWith(studio: StudioProcess, home: string): Promise<void> {
    const states = watchStates(studio);
    const { runId } = await studio.client.invoke('runs.start', training);
    await waitUntil('the disk is full', () => isOver(states.get(runId)), 60_000);
    expect(states.get(runId)).toBe('crashed');
    const files = readdirSync(join(home, 'artifacts', 'runs', runId));
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const [notice] = await studio.client.invoke('studio.notices', {});
    expect(notice?.action).toMatchObject({ kind: 'resume-run', runId });
    expect(notice?.text).toContain('disk is full');

    execFileSync('mount', ['-o', 'remount,size=64m', home]);
    let stopped = await studio.client.invoke('runs.get', { runId });
    for (let tries = 0; tries < 30 && stopped.summary.state !== 'crashed'; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      stopped = await studio.client.invoke('runs.get', { runId });
    }
    expect(stopped.summary).toMatchObject({ state: 'crashed', failure: { code: 'disk-full' } });
    expect(stopped.epochs.length).toBeGreaterThan(0);
    expect(stopped.epochs.length).toBeLessThan(60);
    const resumed = await resumeToTheEnd(studio, runId);
    expect(resumed.summary.state).toBe('finished');
    expect(integrityOf(join(home, 'history.db'))).toBe('ok');
    expect(differences(await trainUntouched(join(folder, 'untouched'), training), resumed)).toEqual([]);
  }
});
