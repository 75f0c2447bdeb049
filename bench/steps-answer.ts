import { z } from 'zod';
import { executorKind } from '../src/shared/schema/engine.ts';

/** What bench/studio-steps.ts prints. */
export const stepsAnswer = z.object({
  losses: z.array(z.number()),
  executor: executorKind,
  stepsPerCall: z.number(),
  /** Tracing, building and compiling, without the steps that ran meanwhile. */
  compileSeconds: z.number(),
  stepSeconds: z.number(),
  eagerStepSeconds: z.number(),
  engine: z.string(),
});
export type StepsAnswer = z.infer<typeof stepsAnswer>;

/** Steps after which compiling has cost less than it saved; null where the compiled step is not faster. */
export function paybackSteps({ compileSeconds, stepSeconds, eagerStepSeconds }: StepsAnswer): number | null {
  const saved = eagerStepSeconds - stepSeconds;
  return saved > 0 ? Math.ceil(compileSeconds / saved) : null;
}
