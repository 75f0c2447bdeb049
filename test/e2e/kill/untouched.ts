import type { EngineChoice } from '../../../src/shared/schema/engine.ts';
import type { Experiment } from '../../../src/shared/schema/experiment.ts';
import type { RunDetail, RunId, RunState } from '../../../src/shared/schema/run.ts';
import { startStudio, waitUntil, type StudioProcess } from './studio-process.ts';

/** What is trained. */
export interface TrainingOptions {
  readonly experiment: Experiment;
  readonly engine: EngineChoice;
  readonly seed: number;
}

/** Trains a run to its end in a studio of its own on the folder `home`. */
export async function trainUntouched(
  home: string,
  { experiment, engine, seed }: TrainingOptions,
): Promise<RunDetail> {
  const studio = startStudio(home);
  const states = watchStates(studio);
  const { runId } = await studio.client.invoke('runs.start', { experiment, engine, seed });
  await waitUntil('the untouched run ends', () => isOver(states.get(runId)), 180_000);
  const detail = await studio.client.invoke('runs.get', { runId });
  studio.process.end();
  await studio.exited;
  return detail;
}

/** The newest state a door has heard of, by run. */
export function watchStates({ client }: StudioProcess): Map<RunId, RunState> {
  const states = new Map<RunId, RunState>();
  client.subscribe('run.changed', (run) => states.set(run.id, run.state));
  return states;
}

/** Has the run come to an end, or to a stop that needs a resume? */
export function isOver(state: RunState | undefined): boolean {
  return state === 'finished' || state === 'failed' || state === 'crashed' || state === 'cancelled';
}
