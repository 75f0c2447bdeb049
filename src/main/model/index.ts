export { checkExperiment, splitSizes, stepsPerEpoch, type SplitSizes } from './check-experiment.ts';
export {
  forwardFrom,
  forwardInference,
  forwardLayers,
  forwardTo,
  forwardTraining,
  type ForwardContext,
} from './forward.ts';
export { resolveHeads, type PlannedHead, type ResolvedHead } from './heads.ts';
export { initialiseModel, initialiseVariable } from './initialise.ts';
export { hasConvolutions, planModel, variableName, type ModelPlan, type PlannedLayer } from './plan.ts';
export { summariseModel, summarisePlan } from './summarise.ts';
