import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killExperiment, repeatableRandom } from './kill/kill-experiment.ts';
import { killAndCompare } from './kill/kill-rounds.ts';

// Finding a trainer by its parent needs /proc.
describe.skipIf(process.platform !== 'linux')('kill -9', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'epoch-studio-kill-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('of trainer or studio at random moments loses no acknowledged epoch and changes no bit', async () => {
    const report = await killAndCompare({
      kills: 6,
      experiment: killExperiment('circles', 150),
      engine: 'cpu',
      seed: 1,
      folder,
      random: repeatableRandom(3),
      report: () => undefined,
    });
    expect(report.faults).toEqual([]);
    expect(report.trainerKills + report.studioKills).toBe(6);
    expect(report.trainerKills).toBeGreaterThan(0);
    expect(report.studioKills).toBeGreaterThan(0);
    expect(report.acknowledgedEpochs).toBeGreaterThan(6);
  });
});
