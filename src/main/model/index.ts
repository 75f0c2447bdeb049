export { checkExperiment, splitSizes, stepsPerEpoch, type SplitSizes } from './check-experiment.ts';
export { forwardInference, forwardTraining } from './forward.ts';
export { initialiseModel, initialiseVariable } from './initialise.ts';
export { hasConvolutions, planModel, variableName, type ModelPlan, type PlannedLayer } from './plan.ts';
export { summariseModel, summarisePlan } from './summarise.ts';
