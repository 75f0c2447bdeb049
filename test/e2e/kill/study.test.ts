import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeatableRandom } from './kill-experiment.ts';
import { killStudy } from './kill-study.ts';

// Finding the processes of a study by their parents needs /proc.
describe.skipIf(process.platform !== 'linux')('kill -9 of a study', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'epoch-studio-kill-study-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('or of any process of it loses no result, trains no net twice and changes no number', async () => {
    const random = repeatableRandom(2);
    const report = await killStudy({ kills: 4, trials: 24, folder, random, report: () => undefined });
    expect(report.faults).toEqual([]);
    expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(report.storedAtKills).toBeGreaterThan(0);
  });
});
