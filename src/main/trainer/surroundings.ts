import type { openEngine } from '../engine/index.ts';
import type { RunProgress, RunProvenance, LogLine } from '../../shared/schema/run.ts';
import type { LoadedDataset, SplitIndices } from '../data/loaded-dataset.ts';
import type { Engine, Workload } from '../engine/engine.ts';
import type { EngineOptions } from '../../shared/schema/engine.ts';
import type { TrainingControls } from '../training/controls.ts';
import type { TrainerEvent, TrainingJob } from '../training/events.ts';
import type { RunClock } from '../training/run-clock.ts';
import { describeEngine } from './log-lines.ts';

/** What a job needs of its process. */
export interface TrainerSurroundings {
  readonly emit: (event: TrainerEvent) => void;
  readonly controls: TrainingControls;
  readonly appVersion: string;
  readonly openEngine: typeof openEngine;
  /** Told as soon as the run's clock is known, so that a failure can say how long the run took. */
  readonly onClock: (clock: RunClock) => void;
}

/** What must be given back at the end, in reverse order. */
export type Disposables = { dispose(): void }[];

/** Puts a line into the run's log. */
export function log({ emit }: TrainerSurroundings, text: string, level: LogLine['level'] = 'info'): void {
  emit({ kind: 'log', line: { at: new Date().toISOString(), level, text } });
}

/** Progress before the first step. */
export function announcePhase(
  { emit }: TrainerSurroundings,
  phase: RunProgress['phase'],
  at: Pick<RunProgress, 'runId' | 'epoch' | 'epochsPlanned' | 'step' | 'stepsPlanned'>,
): void {
  emit({
    kind: 'progress',
    progress: {
      ...at,
      state: 'running',
      phase,
      examplesPerSecond: 0,
      secondsLeft: null,
      trainLoss: null,
      trainAccuracy: null,
    },
  });
}

/** Opens the job's engine, to be disposed of with the others, and says which it is. */
export async function openJobEngine(
  job: TrainingJob,
  options: EngineOptions,
  workload: Workload | null,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<Engine> {
  const { engine, reason } = await surroundings.openEngine(options, job.cacheDirectory, workload);
  disposables.push(engine);
  log(surroundings, describeEngine(engine.info, reason));
  return engine;
}

/** What a run was made with. */
export function describeProvenance(
  { sha256 }: Pick<LoadedDataset, 'sha256'>,
  split: Pick<SplitIndices, 'sha256'>,
  engine: Engine,
  { executor, stepsPerCall }: Pick<RunProvenance, 'executor' | 'stepsPerCall'>,
  { appVersion }: TrainerSurroundings,
): RunProvenance {
  return {
    dataSha256: sha256,
    splitSha256: split.sha256,
    engine: engine.info,
    executor,
    stepsPerCall,
    appVersion,
  };
}
