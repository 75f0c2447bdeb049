import type { EvaluationProgram, TrainingProgram } from '../engine/engine.ts';
import type { CheckpointFiles } from './checkpoint-files.ts';
import type { TrainingPosition } from './checkpoint.ts';
import type { TrainingControls } from './controls.ts';
import type { TrainerEvent } from './events.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunClock } from './run-clock.ts';

/** Everything the loop works with. It disposes nothing: programs and engine belong to whoever opened them. */
export interface TrainingSession {
  readonly runId: string;
  readonly prepared: PreparedRun;
  /** Holds the state to go on from: the initial one, or the checkpoint's of `resume`. */
  readonly program: TrainingProgram;
  /** `dev` is null where the split has no dev part. */
  readonly evaluators: { readonly dev: EvaluationProgram | null; readonly test: EvaluationProgram };
  readonly files: CheckpointFiles;
  readonly controls: TrainingControls;
  readonly clock: RunClock;
  /** Where the run stood; null to start anew. */
  readonly resume: TrainingPosition | null;
  readonly emit: (event: TrainerEvent) => void;
}
