import { setTimeout as wait } from 'node:timers/promises';
import type { StudioClient } from '../../src/shared/ipc/contract.ts';
import type { StudyId } from '../../src/shared/schema/study.ts';
import { startStudio } from '../../test/e2e/kill/studio-process.ts';

const POLL_MS = 100;

/** A trial of a study. */
export interface TrialOf {
  readonly studyId: StudyId;
  readonly trial: number;
}

/**
 * What trials come to on the test part, trained on all training data as the button on the study's screen does it. The
 * openings are counted in the studies; a trial that was opened before is not trained again.
 * @param home a data folder that no other process writes
 */
export async function testLosses(home: string, wanted: readonly TrialOf[]): Promise<(number | null)[]> {
  const studio = startStudio(home);
  try {
    const losses: (number | null)[] = [];
    for (const one of wanted) losses.push(await testLoss(studio.client, one));
    return losses;
  } finally {
    studio.process.end();
    await studio.exited;
  }
}

async function testLoss(client: StudioClient, { studyId, trial }: TrialOf): Promise<number | null> {
  const { openings } = await client.invoke('studies.get', { studyId });
  const known = openings.find((opening) => opening.trial === trial);
  const { runIds } = known ?? (await client.invoke('studies.openTest', { studyId, trial, seeds: 1 }));
  const [runId] = runIds;
  for (;;) {
    const { summary, series } = await client.invoke('runs.get', { runId: runId! });
    if (summary.state === 'finished') {
      const test = series.find(({ split, metric }) => split === 'test' && metric === 'loss');
      return test?.values.at(-1) ?? null;
    }
    if (summary.state !== 'queued' && summary.state !== 'running')
      throw new Error(`the run of trial ${trial} is ${summary.state}: ${summary.failure?.message ?? ''}`);
    await wait(POLL_MS);
  }
}
