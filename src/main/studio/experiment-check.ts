import type { ExperimentCheck } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import { experiment, type Experiment, type ExperimentIssue } from '../../shared/schema/experiment.ts';
import { datasetInfo } from '../data/index.ts';
import { checkExperiment, splitSizes, stepsPerEpoch, summariseModel } from '../model/index.ts';
import { describeIssues } from './experiment-issues.ts';

/** Parses and checks any value as an experiment without running anything; never throws for a bad one. */
export function checkUnknownExperiment(value: unknown): ExperimentCheck {
  const parsed = experiment.safeParse(value);
  if (!parsed.success) {
    return {
      issues: describeIssues(parsed.error, value),
      experiment: null,
      model: null,
      stepsPerEpoch: null,
    };
  }
  return { experiment: parsed.data, ...checkWhole(parsed.data) };
}

function checkWhole(whole: Experiment): Omit<ExperimentCheck, 'experiment'> {
  try {
    const info = datasetInfo(whole.data);
    const issues = checkExperiment(whole, info);
    const steps = stepsPerEpoch(whole.training, splitSizes(whole.data.split, info).train);
    return { issues, model: modelOrNull(whole, info.featureShape), stepsPerEpoch: steps > 0 ? steps : null };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { issues: [toIssue(error)], model: null, stepsPerEpoch: null };
  }
}

/** Shapes that do not fit are among the issues already. */
function modelOrNull(whole: Experiment, inputShape: readonly number[]): ExperimentCheck['model'] {
  try {
    return summariseModel(whole.model, inputShape);
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}

function toIssue(error: StudioError): ExperimentIssue {
  const { path } = error.details;
  return { path: typeof path === 'string' ? path : '', message: error.message };
}
