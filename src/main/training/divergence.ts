import { StudioError } from '../../shared/ipc/errors.ts';
import type { StateTensor, TrainingCall } from '../engine/engine.ts';
import { epochOrder } from './epoch-order.ts';
import type { PlanCall } from './call-plan.ts';
import { firstBrokenLayer, layerNorms } from './layer-norms.ts';
import type { RunCursor } from './run-cursor.ts';
import type { TrainingSession } from './session.ts';

/** An epoch that took longer than this is not run again only to explain a failure. */
const REPLAY_LIMIT_MS = 20_000;

/** Position in a call of the first step whose loss is not finite, or -1. @param metrics [steps, width] flat */
export function firstBrokenStep(metrics: Float32Array, width: number): number {
  for (let i = 0; i < metrics.length; i += width) {
    if (!Number.isFinite(metrics[i])) return i / width;
  }
  return -1;
}

interface Diagnosis {
  readonly norms: ReadonlyMap<string, number>;
  readonly layer: string | null;
  /** Are the norms those before the step at fault, or those after its whole call? */
  readonly beforeStep: boolean;
}

async function stateAtEpochStart(session: TrainingSession, epoch: number): Promise<readonly StateTensor[]> {
  if (epoch === 0) return session.prepared.step.state;
  return (await session.files.read(session.files.epochPath(epoch))).state;
}

function part(call: TrainingCall, from: number, to: number): TrainingCall {
  const scalars = Object.entries(call.scalars).map(([name, values]) => [name, values.slice(from, to)]);
  return {
    indices: call.indices.subarray(from * call.batchSize, to * call.batchSize),
    batchSize: call.batchSize,
    steps: to - from,
    scalars: Object.fromEntries(scalars) as TrainingCall['scalars'],
    firstStep: call.firstStep + from,
  };
}

/** Runs the epoch again up to the step at fault: the same numbers, since everything follows from seed and state. */
async function replay(
  session: TrainingSession,
  cursor: RunCursor,
  planCall: PlanCall,
  failing: TrainingCall,
  brokenStep: number,
): Promise<Diagnosis> {
  const { program, prepared } = session;
  const order = epochOrder(prepared.split.train, prepared.seed, cursor.epoch + 1);
  let step = cursor.epoch * prepared.stepsPerEpoch;
  await program.writeState(await stateAtEpochStart(session, cursor.epoch));
  for (let position = 0; step < failing.firstStep;) {
    const call = planCall(order, position, step)!;
    await program.run(call);
    position += call.indices.length;
    step += call.steps;
  }
  if (brokenStep > 0) await program.run(part(failing, 0, brokenStep));
  const norms = layerNorms(await program.readState());
  const broken = firstBrokenLayer(norms);
  if (broken !== null) return { norms, layer: broken, beforeStep: true };
  await program.run(part(failing, brokenStep, brokenStep + 1));
  return { norms, layer: firstBrokenLayer(layerNorms(await program.readState())), beforeStep: true };
}

async function diagnose(
  session: TrainingSession,
  cursor: RunCursor,
  planCall: PlanCall,
  failing: TrainingCall,
  brokenStep: number,
): Promise<Diagnosis> {
  const norms = layerNorms(await session.program.readState());
  const afterCall = { norms, layer: firstBrokenLayer(norms), beforeStep: false };
  if (session.clock.epochMs > REPLAY_LIMIT_MS) return afterCall;
  try {
    return await replay(session, cursor, planCall, failing, brokenStep);
  } catch (error) {
    // The failure itself must be told even where it cannot be explained further, e.g. without the epoch's checkpoint.
    if (error instanceof StudioError) return afterCall;
    throw error;
  }
}

function describeNorms(norms: ReadonlyMap<string, number>): string {
  return [...norms].map(([layer, norm]) => `${layer} ${norm.toPrecision(3)}`).join(', ');
}

/**
 * The error for a loss that is not a finite number: where it happened, how large the weights were, and which layer's
 * weights broke first. Leaves the program in another state: the run is over.
 * @param brokenStep position of the step within `failing`
 */
export async function explainDivergence(
  session: TrainingSession,
  cursor: RunCursor,
  planCall: PlanCall,
  failing: TrainingCall,
  brokenStep: number,
): Promise<StudioError> {
  const epoch = cursor.epoch + 1;
  const step = failing.firstStep + brokenStep + 1;
  const { norms, layer, beforeStep } = await diagnose(session, cursor, planCall, failing, brokenStep);
  const where = beforeStep ? 'before that step' : 'after its call';
  const first =
    layer === null ? '' : ` The first layer with weights that are no finite numbers is '${layer}'.`;
  return new StudioError(
    'not-a-number',
    `training: the loss is not a finite number in epoch ${epoch} at step ${step}. Weight norms ${where}: ` +
      `${describeNorms(norms)}.${first} Take a smaller learning rate, or scale the data with standardise or unit-scale`,
    {
      epoch,
      step,
      layer,
      // As text: JSON, which carries errors to the window and the history, has neither NaN nor Infinity.
      layerNorms: Object.fromEntries([...norms].map(([name, norm]) => [name, String(norm)])),
    },
  );
}
